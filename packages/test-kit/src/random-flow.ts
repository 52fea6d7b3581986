import { flowFile, type FlowFile } from '@holdfast/graph';
import { portsOf } from '@holdfast/node-kit';
import fc from 'fast-check';
import { testCatalog } from './test-catalog.ts';

export interface RandomFlowOptions {
  maxNodes?: number;
  maxSteps?: number;
  joins?: readonly ('all' | 'any')[];
  /** Without, no connection leads back to a step drawn earlier. */
  hasCycles?: boolean;
}

/**
 * A flow of `testCatalog`'s steps, drawn at random: forks, joins, cycles, waits, dead ends, steps that no way leads to. It
 * always has a trigger with at least one connection; what else is wrong with it is up to chance.
 */
export function randomFlow(options: RandomFlowOptions = {}): fc.Arbitrary<FlowFile> {
  const { maxNodes = 10, joins = ['all', 'any'] } = options;
  const kind = fc.constantFrom('choose', 'choose', 'call', 'call', 'pause', 'stop', ...joins);
  return fc.array(kind, { minLength: 2, maxLength: maxNodes }).chain((kinds) => {
    const count = kinds.length + 1;
    const target = fc.nat({ max: 10_000 });
    const edge = fc.record({ from: fc.nat({ max: count - 1 }), port: fc.nat({ max: 1 }), target });
    return fc
      .record({ first: target, edges: fc.array(edge, { minLength: count, maxLength: count * 3 }) })
      .map(({ first, edges }) => draw(kinds, [{ from: 0, port: 0, target: first }, ...edges], options));
  });
}

interface Stroke {
  from: number;
  port: number;
  target: number;
}

function draw(kinds: readonly string[], strokes: readonly Stroke[], { hasCycles = true, maxSteps = 80 }: RandomFlowOptions): FlowFile {
  const nodes = ['begin', ...kinds].map((kind, index) => {
    const isJoin = kind === 'all' || kind === 'any';
    return {
      id: `n${index}`,
      type: isJoin ? 'meet' : kind,
      typeVersion: 1,
      name: `${kind} ${index}`,
      config: isJoin ? { mode: kind } : {},
      position: { x: index * 280, y: 0 },
    };
  });
  const edges = strokes.flatMap(({ from, port, target }) => {
    const lowest = hasCycles ? 1 : from + 1;
    const source = nodes[from];
    const definition = testCatalog[source?.type ?? ''];
    if (!source || !definition || lowest >= nodes.length) return [];
    const ports = Object.keys(portsOf(definition, {}));
    const left = ports[port % Math.max(ports.length, 1)];
    return left === undefined
      ? []
      : [{ from: { node: source.id, port: left }, to: { node: `n${lowest + (target % (nodes.length - lowest))}` } }];
  });
  const unique = new Map(edges.map((edge) => [`${edge.from.node} ${edge.from.port} ${edge.to.node}`, edge]));
  return flowFile.parse({
    format: 'holdfast.flow/1',
    name: 'Random flow',
    settings: { maxSteps },
    nodes,
    edges: [...unique.values()].map((edge, index) => ({ id: `e${index + 1}`, ...edge })),
  });
}
