import type { Edit, FlowFile } from '@holdfast/graph';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { replacementOf } from './replacement.ts';
import { applyToHistory, openHistory, redoInHistory, undoInHistory, type DocumentHistory } from './history.ts';

export interface DocumentState extends DocumentHistory {
  isReadOnly: boolean;
  /** The only way the flow changes. `mergeKey` joins quick edits of one thing into one step of undo. */
  apply: (edit: Edit, mergeKey?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Another file altogether: a restored version, an import, the other side of a conflict. One step of undo. */
  replace: (file: FlowFile) => void;
}
export type DocumentStore = StoreApi<DocumentState>;

export interface DocumentOptions {
  isReadOnly?: boolean;
  nowMs?: () => number;
}

export function createDocumentStore(file: FlowFile, { isReadOnly = false, nowMs = Date.now }: DocumentOptions = {}): DocumentStore {
  return createStore<DocumentState>()((set) => ({
    ...openHistory(file),
    isReadOnly,
    apply: (edit, mergeKey) => set((state) => (state.isReadOnly ? state : applyToHistory(state, edit, nowMs(), mergeKey ?? null))),
    undo: () => set((state) => (state.isReadOnly ? state : undoInHistory(state))),
    redo: () => set((state) => (state.isReadOnly ? state : redoInHistory(state))),
    replace: (next) => set((state) => (state.isReadOnly ? state : applyToHistory(state, replacementOf(state.file, next), nowMs()))),
  }));
}
