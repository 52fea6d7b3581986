import type { FlowView, ViewedNode } from './flow-view.ts';

/**
 * The circles that no step of theirs bounds, each as the steps that lie on it, in the order they are drawn. They are what
 * remains of the drawing without the bounding steps, when all that leads nowhere or comes from nowhere is taken away.
 */
export function findUnboundedCycles(flow: FlowView): ViewedNode[][] {
  const ids = new Set(
    [...flow.nodes.values()].filter(({ definition }) => definition && !definition.boundsCycles).map(({ node }) => node.id),
  );
  const next = new Map(
    [...ids].map((id) => [
      id,
      flow
        .edgesFrom(id)
        .map((edge) => edge.to.node)
        .filter((to) => ids.has(to)),
    ]),
  );
  const component = components([...ids], next);
  const circles = Map.groupBy(ids, (id) => component.get(id) ?? -1).values();
  return [...circles]
    .filter((circle) => circle.length > 1 || circle.some((id) => next.get(id)?.includes(id)))
    .map((circle) => circle.flatMap((id) => flow.nodes.get(id) ?? []));
}

/** Kosaraju: nodes that lead to each other get the same number. Without recursion, since a flow may be a thousand steps long. */
function components(ids: readonly string[], next: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const before = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const [from, targets] of next) for (const to of targets) before.get(to)?.push(from);
  const component = new Map<string, number>();
  for (const start of finishingOrder(ids, next).toReversed()) {
    const number = component.size;
    const pending = component.has(start) ? [] : [start];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (component.has(id)) continue;
      component.set(id, number);
      pending.push(...(before.get(id) ?? []));
    }
  }
  return component;
}

function finishingOrder(ids: readonly string[], next: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const start of ids) {
    const pending: { id: string; isLeaving: boolean }[] = [{ id: start, isLeaving: false }];
    for (let visit = pending.pop(); visit; visit = pending.pop()) {
      if (visit.isLeaving) finished.push(visit.id);
      if (visit.isLeaving || seen.has(visit.id)) continue;
      seen.add(visit.id);
      pending.push({ id: visit.id, isLeaving: true }, ...(next.get(visit.id) ?? []).map((id) => ({ id, isLeaving: false })));
    }
  }
  return finished;
}
