/** What the checks say about a flow: where, why and what to do. */
export interface Finding {
  code:
    | 'node.unknown-type'
    | 'node.config'
    | 'node.unreachable'
    | 'node.dead-end'
    | 'node.advice'
    | 'edge.unknown-node'
    | 'edge.unknown-port'
    | 'edge.into-trigger'
    | 'edge.duplicate'
    | 'id.duplicate'
    | 'port.unconnected'
    | 'trigger.missing'
    | 'cycle.unbounded'
    | 'template.syntax'
    | 'template.unknown-name'
    | 'file.shape';
  /** Errors keep a flow from being published; warnings don't. */
  severity: 'error' | 'warning';
  node?: string;
  edge?: string;
  /** Path into the node's config, dotted: `rules.0.words`. */
  field?: string;
  /** For people: names the step as staff named it. */
  reason: string;
  fix: string;
}
