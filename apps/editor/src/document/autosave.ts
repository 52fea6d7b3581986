import type { FlowFile } from '@holdfast/graph';
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface SaveProblem {
  title: string;
  detail: string;
  hint?: string | undefined;
}
export type SaveState =
  | { kind: 'saved'; atMs: number | null }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'failed'; problem: SaveProblem }
  /** Somebody else saved in between; saving stands still until a person chooses a side. */
  | { kind: 'conflict'; theirs: FlowFile; theirRevision: number };

export type SaveAnswer =
  | { kind: 'saved'; revision: number }
  | { kind: 'conflict'; theirs: FlowFile; theirRevision: number }
  | { kind: 'failed'; problem: SaveProblem };

export interface AutosaveOptions {
  file: FlowFile;
  revision: number;
  save: (file: FlowFile, revision: number) => Promise<SaveAnswer>;
  /** Keeps what is not saved yet on this computer; null when everything is saved. */
  keepLocally: (unsaved: { file: FlowFile; revision: number } | null) => void;
  delayMs?: number;
  retryDelayMs?: number;
  nowMs?: () => number;
  schedule?: (work: () => void, delayMs: number) => () => void;
}

export interface Autosave {
  state: StoreApi<SaveState>;
  revision: () => number;
  /** The flow changed: save it after a short pause in the editing. */
  changed: (file: FlowFile) => void;
  /** Saves at once; resolves when nothing is left to save or a save failed. */
  flush: () => Promise<SaveState>;
  keepMine: () => Promise<SaveState>;
  /** The given file is what the server holds now: theirs, or a restored one. */
  take: (file: FlowFile, revision: number) => void;
  stop: () => void;
}

const scheduleTimeout = (work: () => void, delayMs: number): (() => void) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};

/** One save at a time, always of the newest file; a failure is tried again until it succeeds. */
export function createAutosave(options: AutosaveOptions): Autosave {
  const { delayMs = 800, retryDelayMs = 5_000, nowMs = Date.now, schedule = scheduleTimeout } = options;
  const state = createStore<SaveState>()(() => ({ kind: 'saved', atMs: null }));
  let saved = options.file;
  let latest = options.file;
  let revision = options.revision;
  let cancel: (() => void) | null = null;
  let current: Promise<SaveState> | null = null;

  const plan = (delay: number) => {
    cancel?.();
    cancel = schedule(() => void flush(), delay);
  };
  const settle = (answer: SaveAnswer, sent: FlowFile): void => {
    if (answer.kind === 'saved') {
      saved = sent;
      revision = answer.revision;
      const isDone = latest === sent;
      if (isDone) options.keepLocally(null);
      state.setState(isDone ? { kind: 'saved', atMs: nowMs() } : { kind: 'unsaved' }, true);
      if (!isDone) plan(delayMs);
      return;
    }
    state.setState(answer, true);
    if (answer.kind === 'failed') plan(retryDelayMs);
  };
  const saveOnce = async (): Promise<SaveState> => {
    const sent = latest;
    state.setState({ kind: 'saving' }, true);
    settle(await options.save(sent, revision), sent);
    return state.getState();
  };
  async function flush(): Promise<SaveState> {
    cancel?.();
    cancel = null;
    if (current) await current;
    if (latest === saved || state.getState().kind === 'conflict') return state.getState();
    current = saveOnce().finally(() => (current = null));
    return current;
  }
  return {
    state,
    revision: () => revision,
    flush,
    changed: (file) => {
      if (file === latest) return;
      latest = file;
      options.keepLocally({ file, revision });
      if (state.getState().kind === 'conflict') return;
      if (!current) state.setState({ kind: 'unsaved' }, true);
      plan(delayMs);
    },
    keepMine: () => {
      const now = state.getState();
      if (now.kind === 'conflict') revision = now.theirRevision;
      state.setState({ kind: 'unsaved' }, true);
      return flush();
    },
    take: (file, theirRevision) => {
      cancel?.();
      saved = file;
      latest = file;
      revision = theirRevision;
      options.keepLocally(null);
      state.setState({ kind: 'saved', atMs: nowMs() }, true);
    },
    stop: () => cancel?.(),
  };
}
