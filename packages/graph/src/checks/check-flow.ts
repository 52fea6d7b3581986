import type { Catalog, CheckWorld } from '@holdfast/node-kit';
import type { Finding } from '../finding.ts';
import type { FlowFile } from '../flow-file.ts';
import { checkEdges } from './check-edges.ts';
import { checkMessages } from './check-messages.ts';
import { checkPaths } from './check-paths.ts';
import { checkReadings } from './check-readings.ts';
import { checkSettings } from './check-settings.ts';
import { viewFlow } from './flow-view.ts';

/**
 * Everything that keeps a flow from being published (errors) or that its author may not have meant (warnings), in the order
 * of the drawing. Without a world, what a config names in the workspace is taken to exist.
 */
export function checkFlow(file: FlowFile, catalog: Catalog, world?: CheckWorld): Finding[] {
  const flow = viewFlow(file, catalog);
  const findings = [
    ...checkSettings(flow, world),
    ...checkEdges(flow),
    ...checkPaths(flow),
    ...checkReadings(flow, world),
    ...checkMessages(flow, world),
  ];
  const order = new Map(file.nodes.map((node, index) => [node.id, index]));
  const place = (finding: Finding): number => (finding.node === undefined ? -1 : (order.get(finding.node) ?? -1));
  return findings.toSorted((a, b) => place(a) - place(b));
}
