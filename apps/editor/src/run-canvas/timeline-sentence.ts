import { journalProblem, type JournalEntry } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { z } from 'zod';

/** A sentence of the timeline: a key of the text catalog and what is filled in. Times stay times; the reader's language formats them. */
export interface Sentence {
  key: SentenceKey;
  values: { step?: string; port?: string; name?: string; reason?: string; attempt?: number; of?: number; count?: number; note?: string };
  /** A moment in the future that the sentence ends with. */
  untilAt: string | null;
  tone: 'plain' | 'ok' | 'warn' | 'bad' | 'person';
}

export type SentenceKey =
  | 'started'
  | 'stepStarted'
  | 'stepStartedAgain'
  | 'stepDone'
  | 'stepDoneLast'
  | 'stepTimeout'
  | 'stepSkipped'
  | 'stepGaveUp'
  | 'stepGaveUpWhy'
  | 'stepFailedRetry'
  | 'stepPutOff'
  | 'stepFailed'
  | 'waitReply'
  | 'waitHandoff'
  | 'waitTimer'
  | 'waitEvent'
  | 'waitContinued'
  | 'retried'
  | 'edited'
  | 'jumped'
  | 'paused'
  | 'resumed'
  | 'attention'
  | 'handedOver'
  | 'handedOverWait'
  | 'handedOverRetry'
  | 'handedOverSlow'
  | 'handedOverLater'
  | 'handedOverOverride'
  | 'handedOverAttention'
  | 'handedOverBudget'
  | 'handedOverShutdown'
  | 'ownerLost'
  | 'temporalLost'
  | 'endedDone'
  | 'endedStopped'
  | 'endedFailed';

export interface SentenceWords {
  step: string;
  /** Null for a port that is not drawn: the one that `end` leaves by. */
  port: (port: string) => string | null;
  /** A problem's title in the reader's language. */
  problem: (problem: { code: string; title: string }) => string;
}

const waits = { reply: 'waitReply', handoff: 'waitHandoff', timer: 'waitTimer', event: 'waitEvent' } as const;
const ends = {
  done: { key: 'endedDone', tone: 'ok' },
  stopped: { key: 'endedStopped', tone: 'plain' },
  failed: { key: 'endedFailed', tone: 'bad' },
} as const;

/** Why a run went on in the background, which is Temporal; the causes of packages/runs. */
const handOvers: Readonly<Record<string, SentenceKey>> = {
  wait: 'handedOverWait',
  retry: 'handedOverRetry',
  slow: 'handedOverSlow',
  later: 'handedOverLater',
  override: 'handedOverOverride',
  attention: 'handedOverAttention',
  budget: 'handedOverBudget',
  shutdown: 'handedOverShutdown',
  'owner-lost': 'ownerLost',
  'temporal-lost': 'temporalLost',
};

const plain = (key: SentenceKey, values: Sentence['values'], more: Partial<Sentence> = {}): Sentence => ({
  key,
  values,
  untilAt: null,
  tone: 'plain',
  ...more,
});
const noted = (note: string | undefined): { note?: string } => (note === undefined || note === '' ? {} : { note });

/** What an entry of the journal says to people. */
export function sentenceOf(entry: JournalEntry, words: SentenceWords): Sentence {
  const { step } = words;
  switch (entry.kind) {
    case 'run-started':
      return plain('started', { step });
    case 'step-started':
      return entry.attempt > 1 ? plain('stepStartedAgain', { step, attempt: entry.attempt }) : plain('stepStarted', { step });
    case 'step-ended':
      return endedSentence(entry, words);
    case 'step-failed': {
      const values = { step, reason: words.problem(entry.problem), attempt: entry.attempt };
      if (isPutOff(entry)) return plain('stepPutOff', values, { untilAt: entry.retryAt ?? null });
      return entry.isFinal
        ? plain('stepFailed', values, { tone: 'bad' })
        : plain('stepFailedRetry', values, { tone: 'warn', untilAt: entry.retryAt ?? null });
    }
    case 'wait-opened':
      return plain(waits[entry.waitFor], { step }, { tone: entry.waitFor === 'handoff' ? 'person' : 'plain', untilAt: entry.deadlineAt });
    case 'wait-continued':
      return plain('waitContinued', { step, count: entry.tries });
    case 'retried':
      return plain('retried', { name: entry.by.name, ...noted(entry.by.note) }, { tone: 'person' });
    case 'edited':
      return plain('edited', { name: entry.by.name, count: Object.keys(entry.data).length, ...noted(entry.by.note) }, { tone: 'person' });
    case 'jumped':
      return plain('jumped', { name: entry.by.name, step, ...noted(entry.by.note) }, { tone: 'person' });
    case 'paused':
      return plain('paused', { name: entry.by.name, ...noted(entry.by.note) }, { tone: 'person' });
    case 'resumed':
      return plain('resumed', { name: entry.by.name, ...noted(entry.by.note) }, { tone: 'person' });
    case 'attention':
      return plain('attention', { reason: words.problem(entry.problem) }, { tone: 'warn' });
    case 'handed-over':
      return plain(handOvers[entry.cause] ?? 'handedOver', {}, { tone: entry.cause.endsWith('-lost') ? 'warn' : 'plain' });
    case 'run-ended':
      return plain(ends[entry.outcome].key, entry.by ? { name: entry.by.name, ...noted(entry.by.note) } : {}, {
        tone: ends[entry.outcome].tone,
      });
  }
}

function endedSentence(entry: Extract<JournalEntry, { kind: 'step-ended' }>, { step, port, problem }: SentenceWords): Sentence {
  const label = port(entry.port);
  const values = { step, port: label ?? entry.port };
  const why = problemOfFacts(entry.facts ?? {});
  switch (entry.how) {
    case 'ran':
      return label === null ? plain('stepDoneLast', { step }, { tone: 'ok' }) : plain('stepDone', values, { tone: 'ok' });
    case 'timeout':
      return plain('stepTimeout', values, { tone: 'warn' });
    case 'gave-up':
      return why
        ? plain('stepGaveUpWhy', { ...values, reason: problem(why) }, { tone: 'warn' })
        : plain('stepGaveUp', values, { tone: 'warn' });
    case 'skipped':
      return plain('stepSkipped', { ...values, name: entry.by?.name ?? '', ...noted(entry.by?.note) }, { tone: 'person' });
  }
}

/** Held back before anything left the house: no attempt was made, so none failed. */
export const isPutOff = ({ facts }: { facts?: JsonObject | undefined }): boolean => facts?.['isPutOff'] === true;

/** A step that asked again and again whether it may go out waited once: the first time it asked, with when it asks next. */
export function waitsOnce<T extends { entry: JournalEntry }>(timeline: readonly T[]): T[] {
  const told: T[] = [];
  const open = new Map<string, number>();
  for (const item of timeline) {
    const { entry } = item;
    const step = 'step' in entry ? entry.step : null;
    if (step === null) {
      told.push(item);
      continue;
    }
    const before = open.get(step);
    const first = before === undefined ? undefined : told[before];
    open.delete(step);
    if (entry.kind === 'step-failed' && !entry.isFinal && isPutOff(entry)) {
      if (before !== undefined && first?.entry.kind === 'step-failed' && first.entry.problem.code === entry.problem.code) {
        const { retryAt: _, ...waiting } = first.entry;
        told[before] = { ...first, entry: { ...waiting, ...(entry.retryAt === undefined ? {} : { retryAt: entry.retryAt }) } };
        open.set(step, before);
        continue;
      }
      open.set(step, told.length);
    }
    told.push(item);
  }
  return told;
}

/** A start that its own end follows at once tells nothing: the end says it. Only what took a while, or is still going on, keeps its start. */
export function withoutEchoes<T extends { entry: JournalEntry }>(timeline: readonly T[]): T[] {
  const ended = new Map<string, number>();
  for (const { entry } of timeline) {
    if (entry.kind === 'step-ended' || entry.kind === 'step-failed' || entry.kind === 'wait-opened')
      ended.set(entry.step, Math.min(ended.get(entry.step) ?? Infinity, Date.parse(entry.at)));
  }
  return timeline.filter(
    ({ entry }) =>
      entry.kind !== 'step-started' || !(Date.parse(entry.at) + 1_000 > (ended.get(entry.step) ?? Infinity) && entry.attempt === 1),
  );
}

/** Why a step gave up, as the run wrote it beside the step's outcome. */
export function problemOfFacts(facts: JsonObject): z.infer<typeof journalProblem> | null {
  const parsed = journalProblem.safeParse(facts['problem']);
  return parsed.success ? parsed.data : null;
}
