import type { Catalog } from '@holdfast/node-kit';
import { createContext, useContext, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { DocumentState, DocumentStore } from './document-store.ts';
import type { Marks, MarksStore } from './marks-store.ts';
import type { SessionState, SessionStore } from './session-store.ts';

/** Everything the canvas and the inspector of one flow or one run share. */
export interface Workbench {
  /** Null where no flow is edited: a run's own drawing. */
  flowId: string | null;
  catalog: Catalog;
  document: DocumentStore;
  session: SessionStore;
  marks: MarksStore;
}

const WorkbenchContext = createContext<Workbench | null>(null);

export function WorkbenchProvider({ workbench, children }: { workbench: Workbench; children: ReactNode }) {
  return <WorkbenchContext value={workbench}>{children}</WorkbenchContext>;
}

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('A canvas component is used outside of a WorkbenchProvider.');
  return workbench;
}

/** Selectors must return parts of the state or primitives; a fresh object would redraw its component at every change. */
export const useDocument = <T,>(select: (state: DocumentState) => T): T => useStore(useWorkbench().document, select);
export const useSession = <T,>(select: (state: SessionState) => T): T => useStore(useWorkbench().session, select);
export const useMarks = <T,>(select: (state: Marks) => T): T => useStore(useWorkbench().marks, select);
