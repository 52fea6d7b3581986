import type { Finding } from '../finding.ts';
import type { FlowEdge } from '../flow-file.ts';
import type { FlowView } from './flow-view.ts';

/** More than anybody draws; a loop through such a port would make steps faster than `maxSteps` can stop it. */
export const maxBranches = 50;

/** Connections that lead nowhere, start nowhere, or are drawn twice. */
export function checkEdges(flow: FlowView): Finding[] {
  const seen = new Set<string>();
  return [...flow.file.edges.flatMap((edge) => checkEdge(flow, edge, seen)), ...checkBranches(flow)];
}

function checkEdge(flow: FlowView, edge: FlowEdge, seen: Set<string>): Finding[] {
  const from = flow.nodes.get(edge.from.node);
  const to = flow.nodes.get(edge.to.node);
  const at: { severity: 'error'; edge: string } = { severity: 'error', edge: edge.id };
  if (!from || !to)
    return [
      {
        ...at,
        code: 'edge.unknown-node',
        ...(from ? { node: from.node.id } : {}),
        reason: `A connection ${from ? `from ${from.label} leads to` : 'comes from'} a step that the flow does not have.`,
        fix: 'Remove the connection.',
      },
    ];
  const way = `${edge.from.node} ${edge.from.port} ${edge.to.node}`;
  const isRepeated = seen.has(way);
  seen.add(way);
  const node = from.node.id;
  return [
    ...(from.ports && !Object.hasOwn(from.ports, edge.from.port)
      ? [
          {
            ...at,
            code: 'edge.unknown-port' as const,
            node,
            reason: `${from.label} has no exit "${edge.from.port}" any more, but a connection to ${to.label} starts there.`,
            fix: 'Remove the connection, or draw it from another exit.',
          },
        ]
      : []),
    ...(to.definition?.kind === 'trigger'
      ? [
          {
            ...at,
            code: 'edge.into-trigger' as const,
            node,
            reason: `${to.label} starts the flow, so nothing can lead to it.`,
            fix: `Connect ${from.label} to the step after ${to.label} instead.`,
          },
        ]
      : []),
    ...(isRepeated
      ? [
          {
            ...at,
            code: 'edge.duplicate' as const,
            node,
            reason: `${from.label} and ${to.label} are connected twice by the same exit.`,
            fix: 'Remove one of the connections.',
          },
        ]
      : []),
  ];
}

function checkBranches(flow: FlowView): Finding[] {
  return [...Map.groupBy(flow.file.edges, (edge) => `${edge.from.node} ${edge.from.port}`).values()].flatMap((edges): Finding[] => {
    const from = flow.nodes.get(edges[0]?.from.node ?? '');
    if (!from || edges.length <= maxBranches) return [];
    return [
      {
        code: 'file.shape',
        severity: 'error',
        node: from.node.id,
        reason: `${from.label} starts ${edges.length} branches at once; ${maxBranches} is the most.`,
        fix: 'Let some of them follow one another.',
      },
    ];
  });
}
