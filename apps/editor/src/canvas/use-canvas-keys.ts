import { useEffect, type RefObject } from 'react';
import type { Sizes } from '../document/layout.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { useCanvasCommands } from './canvas-commands.ts';
import { paletteSearchId } from './palette.tsx';

/** Whether keys belong to a text that is being written. */
export const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], .monaco-editor') !== null);

/** The canvas by keyboard, also when nothing has the focus: a click on empty canvas gives it to nobody. Arrow keys and Tab are React Flow's own. */
export function useCanvasKeys(frame: RefObject<HTMLElement | null>, measured: Sizes): void {
  const { document, session } = useWorkbench();
  const commands = useCanvasCommands();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { target } = event;
      // The page's own frame gets the focus of a click on empty canvas.
      const isOurs = target instanceof Node && frame.current !== null && (frame.current.contains(target) || target.contains(frame.current));
      if (!isOurs || event.defaultPrevented || isWriting(event.target)) return;
      const command = commandOf(event);
      if (!command) return;
      const { isReadOnly, undo, redo } = document.getState();
      const { set, select, selected } = session.getState();
      const focusSearch = () => {
        set({ isPaletteOpen: true });
        requestAnimationFrame(() => globalThis.document.getElementById(paletteSearchId)?.focus());
      };
      const acts: Record<Command, (() => void) | null> = {
        fit: commands.fit,
        help: () => set({ isHelpOpen: true }),
        clear: () => select([]),
        settings: selected.length === 1 && !(event.target instanceof HTMLButtonElement) ? () => openSettings(selected[0], session) : null,
        'select-all': commands.selectAll,
        undo: isReadOnly ? null : undo,
        redo: isReadOnly ? null : redo,
        remove: isReadOnly ? null : commands.removeSelected,
        duplicate: isReadOnly ? null : commands.duplicateSelected,
        tidy: isReadOnly ? null : () => void commands.tidy(measured),
        note: isReadOnly ? null : commands.addNote,
        search: isReadOnly ? null : focusSearch,
      };
      const act = acts[command];
      if (!act) return;
      event.preventDefault();
      act();
    };
    globalThis.document.addEventListener('keydown', onKeyDown);
    return () => globalThis.document.removeEventListener('keydown', onKeyDown);
  }, [frame, commands, document, session, measured]);
}

function openSettings(node: string | undefined, session: ReturnType<typeof useWorkbench>['session']): void {
  if (node === undefined) return;
  session.getState().reveal(node);
  requestAnimationFrame(() =>
    globalThis.document.querySelector<HTMLElement>('[data-inspector] input, [data-inspector] [contenteditable]')?.focus(),
  );
}

type Command = 'fit' | 'help' | 'clear' | 'settings' | 'select-all' | 'undo' | 'redo' | 'remove' | 'duplicate' | 'tidy' | 'note' | 'search';

/** Which command a key means. `⌘` counts as Ctrl. */
export function commandOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): Command | null {
  const key = event.key.toLowerCase();
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    const withCtrl: Partial<Record<string, Command>> = { y: 'redo', d: 'duplicate', a: 'select-all' };
    return withCtrl[key] ?? null;
  }
  if (event.shiftKey && key === 't') return 'tidy';
  const plain: Partial<Record<string, Command>> = {
    delete: 'remove',
    backspace: 'remove',
    escape: 'clear',
    enter: 'settings',
    '/': 'search',
    '?': 'help',
    f: 'fit',
    n: 'note',
  };
  return plain[key] ?? null;
}
