import { useEffect } from 'react';
import { titleStore } from './title-store.ts';

/** Names the page in the browser's tab; the shell adds the product's name and the count of what waits. */
export function useTitle(title: string): void {
  useEffect(() => {
    titleStore.setState({ title });
  }, [title]);
}
