import { createStore, type StoreApi } from 'zustand/vanilla';

export type InspectorTab = 'settings' | 'data' | 'help';
export type SidePanel = 'problems' | 'versions' | null;

/** Where the quick palette opens: at a point of the screen, and what the new step is connected to. */
export interface QuickPaletteRequest {
  screen: { x: number; y: number };
  /** Where on the canvas the new step's left upper corner goes; computed from the port when null. */
  canvas: { x: number; y: number } | null;
  from: { node: string; port: string } | null;
}

/** What one person looks at right now; never saved, never undone. */
export interface SessionState {
  selected: readonly string[];
  selectedEdges: readonly string[];
  tab: InspectorTab;
  /** Dotted path of the field that a problem jumped to. */
  focusField: string | null;
  isPaletteOpen: boolean;
  isInspectorOpen: boolean;
  isSimulatorOpen: boolean;
  isHelpOpen: boolean;
  panel: SidePanel;
  quickPalette: QuickPaletteRequest | null;
  /** A cURL command that was pasted, and where on the canvas its step goes. */
  pastedCurl: { text: string; at: { x: number; y: number } } | null;
  select: (nodes: readonly string[], edges?: readonly string[]) => void;
  /** Selects a step, opens its settings and, when given, puts the cursor into a field. */
  reveal: (node: string, field?: string) => void;
  set: (change: Partial<SessionValues>) => void;
}
type SessionValues = Omit<SessionState, 'select' | 'reveal' | 'set'>;
export type SessionStore = StoreApi<SessionState>;

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

export function createSessionStore(initial: Partial<SessionValues> = {}): SessionStore {
  return createStore<SessionState>()((set) => ({
    selected: [],
    selectedEdges: [],
    tab: 'settings',
    focusField: null,
    isPaletteOpen: true,
    isInspectorOpen: true,
    isSimulatorOpen: false,
    isHelpOpen: false,
    panel: null,
    quickPalette: null,
    pastedCurl: null,
    ...initial,
    select: (nodes, edges = []) =>
      set((state) =>
        sameItems(state.selected, nodes) && sameItems(state.selectedEdges, edges)
          ? state
          : { selected: nodes, selectedEdges: edges, focusField: null },
      ),
    reveal: (node, field) =>
      set({ selected: [node], selectedEdges: [], tab: 'settings', isInspectorOpen: true, focusField: field ?? null }),
    set: (change) => set(change),
  }));
}
