import { HoldfastError } from '@holdfast/errors';
import type { EffectContext, JsonObject, LlmRequest, NewFile, OutgoingMessage, RunFiles, Scope } from '@holdfast/node-kit';

/** An empty run, with what a test says about it. */
export const scopeWith = (given: Partial<Scope> = {}): Scope => ({
  trigger: {},
  nodes: {},
  contact: null,
  conversation: null,
  variables: {},
  run: { id: 'run_test', startedAt: '2026-11-23T10:00:00.000Z', flow: 'Test' },
  ...given,
});

/** What an effect did in a test. */
export interface EffectLog {
  notes: JsonObject;
  sent: OutgoingMessage[];
  asked: LlmRequest[];
  questions: string[];
}

/** Files that are there for as long as the test. */
export function filesInMemory(kept: Readonly<Record<string, NewFile>> = {}): RunFiles {
  const files = new Map(Object.entries(kept));
  const refOf = (id: string, { name, mimeType, content }: NewFile) => ({ id, name, mimeType, sizeBytes: content.length });
  return {
    save: async (file, part = '') => {
      const id = `file_made${part}`;
      files.set(id, file);
      return refOf(id, file);
    },
    read: async (id) => {
      const file = files.get(id);
      if (!file) throw new HoldfastError('file.missing', { detail: `There is no file "${id}" here.` });
      return { ...refOf(id, file), content: file.content };
    },
  };
}

/** The world for one effect. What a test doesn't name refuses to be used, so that no effect reaches further than it says. */
export function effectContext(given: Partial<EffectContext> = {}): { context: EffectContext; log: EffectLog } {
  const log: EffectLog = { notes: {}, sent: [], asked: [], questions: [] };
  const refuse = (what: string) => async (): Promise<never> => {
    throw new Error(`This test gives the effect no ${what}.`);
  };
  const context: EffectContext = {
    signal: new AbortController().signal,
    idempotencyKey: 'step_1:',
    attempt: 1,
    isLastAttempt: true,
    scope: scopeWith(),
    step: { id: 'step_1', node: 'node', nodeName: 'Node' },
    now: () => new Date('2026-11-23T10:00:00.000Z'),
    egress: { request: refuse('way out') },
    keepCall: refuse('place for kept calls'),
    database: { query: refuse('database') },
    deliver: { send: refuse('channel'), start: refuse('channel to write first') },
    presign: refuse('way to sign addresses'),
    llm: { complete: refuse('model') },
    files: filesInMemory(),
    store: { findCommonAnswer: async () => null, openHandoff: refuse('inbox') },
    together: async (_place, item, work) => {
      const [result] = await work(() => [item]);
      return result as Awaited<ReturnType<typeof work>>[number]; // a result for each item, as the type of work says
    },
    ...given,
    note: (facts) => Object.assign(log.notes, facts),
  };
  const { deliver, llm, store } = context;
  return {
    log,
    context: {
      ...context,
      deliver: {
        send: async (message, part) => (log.sent.push(message), deliver.send(message, part)),
        start: async (start) => (log.sent.push(start.message), deliver.start(start)),
      },
      llm: { complete: async (request) => (log.asked.push(request), llm.complete(request)) },
      store: {
        ...store,
        findCommonAnswer: async (question, language) => (log.questions.push(question), store.findCommonAnswer(question, language)),
      },
    },
  };
}
