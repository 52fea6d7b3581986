import type { FlowView } from './flow-view.ts';

/** Of every step that runs can reach: which other steps may have run before it, and which have for certain. */
export interface RanBefore {
  maybe: (node: string, earlier: string) => boolean;
  surely: (node: string, earlier: string) => boolean;
}

/**
 * Sets of steps are numbers here, one bit a step. Of several ways into a step only what all have in common is certain;
 * at a join that waits for all, what any of them brings is, though a branch may have been routed elsewhere: a warning less
 * is better than a wrong one.
 */
export function findRanBefore(flow: FlowView): RanBefore {
  const ids = [...flow.reached];
  const bit = new Map(ids.map((id, index) => [id, 1n << BigInt(index)]));
  const everything = (1n << BigInt(ids.length)) - 1n;
  const maybe = settle(flow, ids, 0n, (sets) => sets.reduce((all, set) => all | set, 0n));
  const surely = settle(flow, ids, everything, (sets, id) =>
    sets.length === 0 ? 0n : joinsAll(flow, id) ? sets.reduce((all, set) => all | set) : sets.reduce((all, set) => all & set),
  );
  const asks = (sets: ReadonlyMap<string, bigint>) => (node: string, earlier: string) =>
    ((sets.get(node) ?? 0n) & (bit.get(earlier) ?? 0n)) !== 0n;
  return { maybe: asks(maybe), surely: asks(surely) };

  function settle(
    view: FlowView,
    nodes: readonly string[],
    initial: bigint,
    merge: (sets: bigint[], id: string) => bigint,
  ): ReadonlyMap<string, bigint> {
    const before = new Map(nodes.map((id) => [id, isTrigger(view, id) ? 0n : initial]));
    for (let isSettled = false; !isSettled;) {
      isSettled = true;
      for (const id of nodes) {
        const sources = view
          .edgesInto(id)
          .map((edge) => edge.from.node)
          .filter((from) => before.has(from));
        const merged = isTrigger(view, id)
          ? 0n
          : merge(
              sources.map((from) => (before.get(from) ?? 0n) | (bit.get(from) ?? 0n)),
              id,
            );
        if (merged === before.get(id)) continue;
        before.set(id, merged);
        isSettled = false;
      }
    }
    return before;
  }
}

const isTrigger = (flow: FlowView, id: string): boolean => flow.nodes.get(id)?.definition?.kind === 'trigger';

function joinsAll(flow: FlowView, id: string): boolean {
  const viewed = flow.nodes.get(id);
  if (viewed?.definition?.kind !== 'pure' || !viewed.definition.joins) return false;
  const parsed = viewed.definition.config.safeParse(viewed.node.config);
  return !parsed.success || viewed.definition.joins(parsed.data) === 'all';
}
