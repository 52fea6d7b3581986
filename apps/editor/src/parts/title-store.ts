import { createStore } from 'zustand/vanilla';
import { tabTitle } from './tab-title.ts';

/** What the tab says: the page's title and how many things wait for a person. */
export const titleStore = createStore<{ title: string; count: number }>(() => ({ title: '', count: 0 }));

titleStore.subscribe((state) => {
  document.title = tabTitle(state);
});
