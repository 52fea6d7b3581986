import { setTimeout as pause } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentProtocol, createCarrier, type AgentWork, type Carrier, type Outcome } from '@holdfast/egress';
import type { Logger } from 'pino';
import { AgentEnd } from './exit-codes.ts';
import { createDatabaseAsker, type DatabaseAsker } from './ask-database.ts';
import type { Identity } from './identity.ts';
import type { Journal } from './journal.ts';
import { Unreadable, type ServerLine } from './server-line.ts';
import type { AgentSettings } from './settings.ts';

interface AgentParts {
  settings: Pick<AgentSettings, 'allow' | 'concurrency' | 'dataDir'>;
  identity: Identity;
  journal: Journal;
  line: ServerLine;
  log: Logger;
  version: string;
}

export interface RunningAgent {
  /** Takes no more work, lets what is under way end, and says what came of it. */
  stop: () => void;
  /** When it has stopped. Rejects with AgentEnd when it makes no sense to go on. */
  ended: Promise<void>;
}

type WorkCall = AgentWork['calls'][number];

const heartbeatMs = 5_000;
const longestPauseMs = 15_000;
const stopsWithinMs = 30_000;
/** As long as the server does not take what is done, nothing more is begun. */
const mostUntold = 500;

/** Asks for work, does it once, and tells what came of it until the server has it. */
export function runAgent(parts: AgentParts): RunningAgent {
  const { settings, journal, log } = parts;
  const carrier = createCarrier(settings.allow);
  const databases = createDatabaseAsker(settings.allow);
  const stopping = new AbortController();
  const crash = Promise.withResolvers<never>();
  crash.promise.catch(() => undefined);
  const state: State = { turn: 0, running: new Set(), telling: new Set() };
  const background = (kind: Set<Promise<void>>, work: Promise<void>) => {
    const mine = work.catch((error: unknown) => crash.reject(error)).finally(() => kind.delete(mine));
    kind.add(mine);
  };
  const tell = (id: string) => background(state.telling, tellUntilKept(parts, id, stopping.signal));
  for (const { id } of journal.entries()) tell(id);
  const begin = async (call: WorkCall) => {
    const cameAt = performance.now();
    // Before the next question, which tells the server what stands here.
    if (!(await journal.begin(call.id, call.epoch)))
      return log.warn({ call: call.id }, 'This call was begun before, so it is not made again');
    background(
      state.running,
      carryOut(parts, { carrier, databases }, { ...call, cameAt }).then(() => tell(call.id)),
    );
  };
  const working = askForWork(parts, { state, begin, signal: stopping.signal });
  const ended = Promise.race([working, crash.promise]).finally(async () => {
    stopping.abort();
    let hasLeft = false;
    const rest = async () => {
      // What is being begun stands in the journal after this, and not before.
      await working.catch(() => undefined);
      hasLeft = true;
      await Promise.all(state.running);
      await Promise.all(state.telling);
    };
    await Promise.race([rest(), pause(stopsWithinMs)]);
    // What was on its way to us when we left waits for the next agent at once.
    if (hasLeft) await parts.line.ask(questionOf(parts, state, 0), AbortSignal.timeout(3_000)).catch(() => undefined);
    await Promise.all([carrier.close(), databases.close()]);
    log.info({ untold: journal.entries().length }, 'The agent has stopped');
  });
  return { stop: () => stopping.abort(), ended };
}

interface State {
  turn: number;
  running: Set<Promise<void>>;
  telling: Set<Promise<void>>;
}

const questionOf = ({ settings, identity, journal, version }: AgentParts, state: State, room: number) => ({
  protocol: agentProtocol,
  ...identity,
  turn: (state.turn += 1),
  version,
  allow: settings.allow,
  room,
  running: state.running.size,
  known: journal.entries().map(({ id }) => id),
});

async function askForWork(
  parts: AgentParts,
  { state, begin, signal }: { state: State; begin: (call: WorkCall) => Promise<void>; signal: AbortSignal },
): Promise<void> {
  const { line, log, settings, journal } = parts;
  let failures = 0;
  let isConnected = false;
  const roomNow = () => (journal.entries().length > mostUntold ? 0 : settings.concurrency - state.running.size);
  while (!signal.aborted) {
    const room = roomNow();
    try {
      // A question without room is answered at once, so it shows that the server is there.
      const work = await line.ask(questionOf(parts, state, isConnected ? room : 0), signal);
      if (!isConnected) log.info({ agent: work.agent, allow: settings.allow }, 'Connected to the server');
      [failures, isConnected] = [0, true];
      await writeFile(join(settings.dataDir, 'heard'), new Date().toISOString());
      await Promise.all(work.calls.map(begin));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof AgentEnd) throw error;
      [failures, isConnected] = [failures + 1, false];
      log.warn({ attempt: failures, why: messageOf(error) }, 'The server can’t be reached; trying again');
      await pause(backOff(failures), undefined, { signal }).catch(() => undefined);
    }
    // This timer is what the process lives by when nothing is under way.
    if (roomNow() <= 0) await Promise.race([...state.running, pause(heartbeatMs, undefined, { signal }).catch(() => undefined)]);
  }
}

/** Doubling up to 15 s, with jitter: all agents lose the server at the same moment. */
const backOff = (failures: number): number => Math.min(longestPauseMs, 250 * 2 ** Math.min(failures, 7)) * (0.5 + Math.random() / 2);

interface Came extends WorkCall {
  cameAt: number;
}

async function carryOut(
  { journal, log }: AgentParts,
  { carrier, databases }: { carrier: Carrier; databases: DatabaseAsker },
  { id, leftMs, call, cameAt }: Came,
): Promise<void> {
  const startedAt = performance.now();
  const { host } = new URL(call.url);
  // It ends before whoever waits for it gives up.
  const totalMs = Math.min(call.limits.totalMs, leftMs - Math.min(1_000, leftMs / 10) - (startedAt - cameAt));
  const perform = () =>
    'credential' in call
      ? databases.ask({ ...call, limits: { totalMs } })
      : carrier.carryOut({ ...call, limits: { ...call.limits, totalMs } });
  const ended = totalMs < 1 ? tooLate : await perform();
  await journal.end(id, ended);
  log.info(
    {
      call: id,
      method: 'credential' in call ? (call.request?.operation ?? 'test') : call.method,
      host,
      ...told(ended),
      ms: Math.round(performance.now() - startedAt),
    },
    'Call made',
  );
}

/** A disk that stood still, or a machine that slept: a person may have been asked by now whether it was made. */
const tooLate: Outcome = {
  state: 'failed',
  code: 'upstream.unreachable',
  detail: 'The agent came to the call too late. Nothing was sent.',
};

/** Neither addresses nor bodies nor headers: they are other people's. */
const told = (ended: Outcome) =>
  ended.state === 'answered' ? { status: ended.status } : { outcome: ended.state === 'failed' ? ended.code : ended.state };

async function tellUntilKept({ journal, line, log }: AgentParts, id: string, signal: AbortSignal): Promise<void> {
  for (let failures = 0; ;) {
    const entry = journal.entries().find((each) => each.id === id);
    if (!entry?.outcome) return;
    try {
      const receipt = await line.tell({ id, epoch: entry.epoch, outcome: entry.outcome });
      if (receipt === 'gone') log.warn({ call: id }, 'Nobody waits for this call any more');
      return await journal.forget(id);
    } catch (error) {
      if (error instanceof AgentEnd) throw error;
      // Better no answer than one that never arrives: whoever waits learns that it may have been made.
      if (error instanceof Unreadable) await journal.end(id, { state: 'unknown' });
      failures += 1;
      log.warn({ call: id, attempt: failures, why: messageOf(error) }, 'The server does not take what came of a call; it is kept');
      if (signal.aborted && failures > 3) return;
      await pause(backOff(failures), undefined, signal.aborted ? {} : { signal }).catch(() => undefined);
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
