import type { FlowEdge } from './flow-file.ts';
import type { PortRef } from './run-state.ts';

/**
 * Answers whether the drawing leads from one node to another, if need be without a certain port. A node leads to itself
 * only by a cycle. Asked about the same few joins all the time, so what leads to a node is found once and kept.
 */
export function createReach(edgesInto: (node: string) => readonly FlowEdge[]) {
  const found = new Map<string, ReadonlySet<string>>();
  return (from: string, to: string, without?: PortRef): boolean => {
    const key = without ? `${to} ${without.node} ${without.port}` : to;
    let origins = found.get(key);
    if (!origins) found.set(key, (origins = originsOf(to, edgesInto, without)));
    return origins.has(from);
  };
}

function originsOf(target: string, edgesInto: (node: string) => readonly FlowEdge[], without?: PortRef): ReadonlySet<string> {
  const origins = new Set<string>();
  const pending = [target];
  for (let node = pending.pop(); node !== undefined; node = pending.pop())
    for (const { from } of edgesInto(node)) {
      if (origins.has(from.node) || (from.node === without?.node && from.port === without.port)) continue;
      origins.add(from.node);
      pending.push(from.node);
    }
  return origins;
}
