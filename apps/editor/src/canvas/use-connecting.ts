import { notifications } from '@mantine/notifications';
import { useReactFlow, type Connection, type FinalConnectionState, type IsValidConnection } from '@xyflow/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { refusalOf, type Link } from '../document/connection.ts';
import type { StepFlowEdge } from '../document/derived-nodes.ts';
import { edgeIds, freeId } from '../document/node-id.ts';
import { useWorkbench } from '../document/workbench.tsx';

const linkOf = (connection: { source: string | null; sourceHandle?: string | null; target: string | null }): Link | null =>
  connection.source && connection.sourceHandle && connection.target
    ? { node: connection.source, port: connection.sourceHandle, to: connection.target }
    : null;

const pointOf = (event: MouseEvent | TouchEvent): { x: number; y: number } => {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
};

/** Drawing a connection: onto a port or anywhere on a card; on empty canvas the quick palette asks what comes next. */
export function useConnecting() {
  const { t } = useTranslation('canvas');
  const { catalog, document, session } = useWorkbench();
  const flow = useReactFlow();
  return useMemo(() => {
    const connect = (link: Link) => {
      const { file, apply } = document.getState();
      const refusal = refusalOf(file, catalog, link);
      if (refusal) {
        notifications.show({ message: t(refusal), color: 'warn' });
        return;
      }
      apply({
        edit: 'connect',
        edge: { id: freeId('e', edgeIds(file)), from: { node: link.node, port: link.port }, to: { node: link.to } },
      });
    };
    const isValidConnection: IsValidConnection<StepFlowEdge> = (connection) => {
      const link = linkOf({ source: connection.source, sourceHandle: connection.sourceHandle ?? null, target: connection.target });
      return link !== null && refusalOf(document.getState().file, catalog, link) === null;
    };
    const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const from = state.fromHandle;
      if (state.isValid || !from?.id || from.type !== 'source') return;
      const point = pointOf(event);
      const card = globalThis.document.elementFromPoint(point.x, point.y)?.closest('.react-flow__node-step');
      const to = state.toNode?.id ?? card?.getAttribute('data-id') ?? null;
      if (to !== null) {
        connect({ node: from.nodeId, port: from.id, to });
        return;
      }
      const place = flow.screenToFlowPosition(point);
      session
        .getState()
        .set({ quickPalette: { screen: point, canvas: { x: place.x, y: place.y - 20 }, from: { node: from.nodeId, port: from.id } } });
    };
    const onConnect = (connection: Connection) => {
      const link = linkOf(connection);
      if (link) connect(link);
    };
    return { onConnect, onConnectEnd, isValidConnection };
  }, [t, catalog, document, session, flow]);
}
