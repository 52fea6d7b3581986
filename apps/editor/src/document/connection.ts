import type { FlowFile } from '@holdfast/graph';
import { portsOf, type Catalog } from '@holdfast/node-kit';

export interface Link {
  node: string;
  port: string;
  to: string;
}

/** Why two steps can't be connected like this, as a key of the text catalog; null when they can. */
export function refusalOf(
  file: FlowFile,
  catalog: Catalog,
  link: Link,
): 'connect.missing' | 'connect.intoTrigger' | 'connect.duplicate' | 'connect.noPort' | null {
  const from = file.nodes.find((node) => node.id === link.node);
  const to = file.nodes.find((node) => node.id === link.to);
  const fromDefinition = from && catalog[from.type];
  const toDefinition = to && catalog[to.type];
  if (!fromDefinition || !toDefinition) return 'connect.missing';
  if (toDefinition.kind === 'trigger') return 'connect.intoTrigger';
  if (!(link.port in portsOf(fromDefinition, from.config))) return 'connect.noPort';
  const isThere = file.edges.some((edge) => edge.from.node === link.node && edge.from.port === link.port && edge.to.node === link.to);
  return isThere ? 'connect.duplicate' : null;
}
