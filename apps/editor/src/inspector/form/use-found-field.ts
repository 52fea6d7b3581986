import { useEffect, useRef, type RefObject } from 'react';
import { useFormContext } from './form-context.tsx';

/** A field that somebody was led to, from a problem for example, comes into view and takes the cursor. */
export function useFoundField(path: string): { frame: RefObject<HTMLDivElement | null>; isFound: boolean } {
  const { focusField } = useFormContext();
  const frame = useRef<HTMLDivElement>(null);
  const isFound = focusField === path;
  useEffect(() => {
    if (!isFound) return;
    frame.current?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    frame.current?.querySelector<HTMLElement>('input, textarea, button, [contenteditable]')?.focus({ preventScroll: true });
  }, [isFound]);
  return { frame, isFound };
}
