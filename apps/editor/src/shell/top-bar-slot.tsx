import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** The left part of the top bar, which a page may fill with its own name, state and buttons. */
export const slotStore = createStore<{ place: HTMLElement | null; users: number }>(() => ({ place: null, users: 0 }));

/** Puts its children into the top bar: `<TopBarSlot><FlowName />…</TopBarSlot>`. */
export function TopBarSlot({ children }: { children: ReactNode }) {
  const place = useStore(slotStore, (state) => state.place);
  return place ? createPortal(children, place) : null;
}
