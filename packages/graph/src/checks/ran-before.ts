import type { FlowView } from './flow-view.ts';

/** Of every step that runs can reach: which other steps may have run before it, and which have for certain. */
export interface RanBefore {
  maybe: (node: string, earlier: string) => boolean;
  surely: (node: string, earlier: string) => boolean;
}

/** A set of steps, one bit each. */
type Steps = bigint;
const none: Steps = 0n;

/**
 * Of several ways into a step only what all have in common is certain; at a join that waits for all, what any of them
 * brings is, though a branch may have been routed elsewhere: a warning less is better than a wrong one.
 */
export function findRanBefore(flow: FlowView): RanBefore {
  const bits = new Map([...flow.reached].map((id, index) => [id, 1n << BigInt(index)]));
  const everything = (1n << BigInt(bits.size)) - 1n;
  const any = (ways: readonly Steps[]): Steps => ways.reduce((all, way) => all | way, none);
  const common = (ways: readonly Steps[]): Steps => ways.reduce((all, way) => all & way, everything);
  const asks = (before: ReadonlyMap<string, Steps>) => (node: string, earlier: string) =>
    ((before.get(node) ?? none) & (bits.get(earlier) ?? none)) !== none;
  return {
    maybe: asks(settle(flow, bits, none, any)),
    surely: asks(settle(flow, bits, everything, (ways, id) => (joinsAll(flow, id) ? any(ways) : common(ways)))),
  };
}

/** Lets every step take over from the steps before it, until nothing changes any more. */
function settle(
  flow: FlowView,
  bits: ReadonlyMap<string, Steps>,
  initial: Steps,
  merge: (ways: Steps[], id: string) => Steps,
): ReadonlyMap<string, Steps> {
  const starts = new Set([...bits.keys()].filter((id) => flow.nodes.get(id)?.definition?.kind === 'trigger'));
  const before = new Map([...bits.keys()].map((id) => [id, starts.has(id) ? none : initial]));
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    for (const id of bits.keys()) {
      if (starts.has(id)) continue;
      const ways = flow
        .edgesInto(id)
        .flatMap(({ from }) => (bits.has(from.node) ? [(before.get(from.node) ?? none) | (bits.get(from.node) ?? none)] : []));
      const merged = merge(ways, id);
      isSettled &&= merged === before.get(id);
      before.set(id, merged);
    }
  }
  return before;
}

function joinsAll(flow: FlowView, id: string): boolean {
  const viewed = flow.nodes.get(id);
  if (viewed?.definition?.kind !== 'pure' || !viewed.definition.joins) return false;
  const parsed = viewed.definition.config.safeParse(viewed.node.config);
  return !parsed.success || viewed.definition.joins(parsed.data) === 'all';
}
