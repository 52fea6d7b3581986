import { notifications } from '@mantine/notifications';
import { useReactFlow } from '@xyflow/react';
import { useEffect, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { looksLikeCurl } from '../curl/read-curl.ts';
import { copyFragment, parseFragment } from '../document/clipboard.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { useCanvasCommands } from './canvas-commands.ts';
import { isWriting } from './use-canvas-keys.ts';

/** Copy, cut and paste through the system clipboard's own events: no permission is asked, and it works across flows and windows. */
export function useClipboard(frame: RefObject<HTMLElement | null>): void {
  const { t } = useTranslation('canvas');
  const { document, session } = useWorkbench();
  const commands = useCanvasCommands();
  const flow = useReactFlow();
  useEffect(() => {
    const pointer = { x: 0, y: 0, isOver: false };
    const onMove = (event: PointerEvent) => {
      pointer.x = event.clientX;
      pointer.y = event.clientY;
      pointer.isOver = event.target instanceof Node && (frame.current?.contains(event.target) ?? false);
    };
    const onCopy = (event: ClipboardEvent) => {
      const hasText = globalThis.getSelection()?.isCollapsed === false;
      if (isWriting(event.target) || hasText) return;
      const fragment = copyFragment(document.getState().file, new Set(session.getState().selected));
      if (!fragment) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', JSON.stringify(fragment, null, 2));
      const isCut = event.type === 'cut' && !document.getState().isReadOnly;
      if (isCut) commands.removeSelected();
      notifications.show({
        message: t(isCut ? 'clipboard.cut' : 'clipboard.copied', { count: fragment.nodes.length + fragment.notes.length }),
        color: 'neutral',
        autoClose: 2_000,
      });
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isWriting(event.target) || document.getState().isReadOnly) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const fragment = parseFragment(text);
      if (!fragment && !looksLikeCurl(text)) return;
      event.preventDefault();
      const box = frame.current?.getBoundingClientRect();
      const screen = pointer.isOver || !box ? pointer : { x: box.left + box.width / 3, y: box.top + box.height / 3 };
      const at = flow.screenToFlowPosition({ x: screen.x, y: screen.y });
      if (fragment) commands.paste(fragment, at);
      else session.getState().set({ pastedCurl: { text, at } });
    };
    const target = globalThis.document;
    target.addEventListener('pointermove', onMove, { passive: true });
    target.addEventListener('copy', onCopy);
    target.addEventListener('cut', onCopy);
    target.addEventListener('paste', onPaste);
    return () => {
      target.removeEventListener('pointermove', onMove);
      target.removeEventListener('copy', onCopy);
      target.removeEventListener('cut', onCopy);
      target.removeEventListener('paste', onPaste);
    };
  }, [t, document, session, commands, flow, frame]);
}
