import { flowFile, type FlowEdge, type FlowFile, type FlowNode } from '@holdfast/graph';
import { portsOf, type Catalog, type JsonObject } from '@holdfast/node-kit';

export interface FlowTextOptions {
  /** Needed where a line leaves out the port: the first port of the type is meant. */
  catalog?: Catalog;
  /** By node id; without one the config is empty. */
  configs?: Record<string, JsonObject>;
  /** By node id; a step is otherwise named like its id. */
  names?: Record<string, string>;
  settings?: Partial<FlowFile['settings']>;
  name?: string;
}

/**
 * A flow file from a few lines that read like the drawing. Each line is a way through the graph: `->` is a connection,
 * `.port` the exit it takes, `id:type` names a node's type (once, where it first appears), `,` several targets, `#` a remark.
 *
 * ```ts
 * flowFromText(`
 *   start:channel-trigger -> match:pattern-match
 *   match.order -> lookup:api-call.ok -> tell:send-message
 *   match.otherwise -> person:human-handoff
 *   lookup.failed -> person            # the same handoff
 *   start -> note:set-data, log:set-data   # parallel branches
 * `, { catalog, configs: { lookup: { url: 'https://shop.test/orders' } } })
 * ```
 *
 * Edges are called e1, e2, … in the order they are written. Throws for a line that can't be read.
 */
export function flowFromText(text: string, options: FlowTextOptions = {}): FlowFile {
  const nodes = new Map<string, FlowNode>();
  const edges: FlowEdge[] = [];
  for (const line of text.split('\n').map((each) => each.replace(/#.*$/, '').trim())) {
    const stations = line === '' ? [] : line.split('->').map((station) => station.split(',').map((word) => readRef(word, nodes, options)));
    stations.forEach((sources, index) => {
      for (const from of sources)
        for (const to of stations[index + 1] ?? []) {
          const port = from.port ?? firstPort(nodes.get(from.id), options.catalog);
          edges.push({ id: `e${edges.length + 1}`, from: { node: from.id, port }, to: { node: to.id } });
        }
    });
  }
  return flowFile.parse({
    format: 'holdfast.flow/1',
    name: options.name ?? 'Test flow',
    settings: options.settings ?? {},
    nodes: [...nodes.values()],
    edges,
  });
}

function readRef(word: string, nodes: Map<string, FlowNode>, options: FlowTextOptions): { id: string; port: string | undefined } {
  const found = /^(?<id>[\w-]+)(?::(?<type>[\w-]+))?(?:\.(?<port>[\w-]+))?$/.exec(word.trim())?.groups;
  if (!found?.['id']) throw new Error(`"${word.trim()}" is no step: write id, id:type, id.port or id:type.port`);
  const { id, type, port } = found;
  const known = nodes.get(id);
  if (!known && !type) throw new Error(`The type of "${id}" is not said where it first appears: write ${id}:type`);
  if (known && type && known.type !== type) throw new Error(`"${id}" is ${known.type} already, it can't be ${type} too`);
  if (!known && type) nodes.set(id, buildNode(id, type, nodes.size, options));
  return { id, port };
}

const buildNode = (id: string, type: string, index: number, { catalog, configs, names }: FlowTextOptions): FlowNode => ({
  id,
  type,
  typeVersion: catalog?.[type]?.typeVersion ?? 1,
  name: names?.[id] ?? id,
  config: configs?.[id] ?? {},
  position: { x: index * 280, y: 0 },
});

function firstPort(node: FlowNode | undefined, catalog: Catalog | undefined): string {
  const definition = node && catalog?.[node.type];
  const parsed = definition?.config.safeParse(node?.config);
  const [port] = definition && parsed?.success ? Object.keys(portsOf(definition, parsed.data as JsonObject)) : []; // a config schema's output is an object
  if (!port) throw new Error(`Say by which port "${node?.id}" is left: its first one is known only from a catalog and a config that fits`);
  return port;
}
