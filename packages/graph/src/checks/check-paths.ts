import type { Finding } from '../finding.ts';
import type { FlowView, ViewedNode } from './flow-view.ts';
import { findUnboundedCycles } from './unbounded-cycles.ts';

/** How runs get through the flow: where they start, where they stop, and where they would go round for ever. */
export function checkPaths(flow: FlowView): Finding[] {
  return [
    ...checkTrigger(flow),
    ...[...flow.nodes.values()].flatMap((viewed) => checkExits(flow, viewed)),
    ...findUnboundedCycles(flow).map(cycleFinding),
  ];
}

function checkTrigger(flow: FlowView): Finding[] {
  const hasTrigger = [...flow.nodes.values()].some(({ definition }) => definition?.kind === 'trigger');
  return hasTrigger
    ? []
    : [
        {
          code: 'trigger.missing',
          severity: 'error',
          reason: 'Nothing starts this flow.',
          fix: 'Add a step that starts it, for example when a customer writes.',
        },
      ];
}

function checkExits(flow: FlowView, { node, label, definition, ports }: ViewedNode): Finding[] {
  if (definition && !flow.reached.has(node.id))
    return [
      {
        code: 'node.unreachable',
        severity: 'warning',
        node: node.id,
        reason: `No way leads to ${label}, so it never happens.`,
        fix: 'Connect it, or remove it.',
      },
    ];
  const connected = new Set(flow.edgesFrom(node.id).map((edge) => edge.from.port));
  const loose = Object.entries(ports ?? {}).filter(([port]) => !connected.has(port));
  const mandatory = loose.filter(([, port]) => port.mandatory);
  if (mandatory.length > 0)
    return mandatory.map(([, port]) => ({
      code: 'port.unconnected',
      severity: 'error',
      node: node.id,
      reason: `${label} says nothing about what happens next at "${port.label}".`,
      fix: `Connect "${port.label}" to a step.`,
    }));
  const isDeadEnd = loose.length > 0 && connected.size === 0;
  return isDeadEnd
    ? [
        {
          code: 'node.dead-end',
          severity: 'warning',
          node: node.id,
          reason: `Nothing comes after ${label}: the run ends there.`,
          fix: 'Connect the next step, or an end, to show that this is meant.',
        },
      ]
    : [];
}

function cycleFinding(cycle: readonly ViewedNode[]): Finding {
  const names = cycle.slice(0, 4).map(({ label }) => label);
  const rest = cycle.length > names.length ? ` and ${cycle.length - names.length} more` : '';
  return {
    code: 'cycle.unbounded',
    severity: 'error',
    ...(cycle[0] ? { node: cycle[0].node.id } : {}),
    reason:
      cycle.length === 1
        ? `${names[0]} leads back to itself, and nothing stops it.`
        : `${names.join(', ')}${rest} go round in a circle, and nothing stops it.`,
    fix: 'Put a step into the circle that counts its rounds or waits for a person.',
  };
}
