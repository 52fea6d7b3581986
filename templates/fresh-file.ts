import type { FlowFile } from '@holdfast/graph';

/** The flow of a template for one new flow: a webhook's address is open to the world and taken only once, so each gets its own. */
export function freshFile(file: FlowFile): FlowFile {
  const nodes = file.nodes.map((node) => {
    const path = node.config['path'];
    const isAddress = node.type === 'webhook-trigger' && typeof path === 'string';
    return isAddress ? { ...node, config: { ...node.config, path: `${path}-${crypto.randomUUID().slice(0, 8)}` } } : node;
  });
  return { ...file, nodes };
}
