import { checkFlow, parseFlowFile, type Finding } from '@holdfast/graph';
import { catalog } from '@holdfast/nodes/catalog';
import { describe, expect, test } from 'vitest';
import { freshFile, templates } from './index.ts';

describe.each(templates.map((template) => [template.id, template] as const))('%s', (_id, template) => {
  const world = { credentials: [], channels: [], variables: Object.keys(template.variables) };

  test('is a flow file that can be opened', () => {
    expect(parseFlowFile(JSON.parse(JSON.stringify(template.file)), catalog)).toHaveProperty('file');
  });

  test('has no finding but what people choose: the key of a model, the channel, and how a webhook’s callers prove themselves', () => {
    const findings = checkFlow(template.file, catalog, world);
    const isTheirs = ({ severity, field }: Finding) =>
      (severity === 'warning' && (field === 'ladder' || field === 'proof')) || field === 'channel';
    expect(findings.filter((finding) => !isTheirs(finding))).toEqual([]);
  });

  test('names every variable that it ships, and ships every one that it names', () => {
    const named = new Set([...JSON.stringify(template.file).matchAll(/variables\.([a-z_]+)/g)].map((found) => found[1]));
    expect(named).toEqual(new Set(Object.keys(template.variables)));
  });

  test('is drawn from left to right without steps on top of each other', () => {
    const { nodes } = template.file;
    for (const node of nodes) {
      expect(node.position.x % 320).toBe(0);
      const above = nodes.filter(
        (other) => other !== node && other.position.x === node.position.x && Math.abs(other.position.y - node.position.y) < 160,
      );
      expect(above.map((other) => other.id)).toEqual([]);
    }
  });
});

test('every flow made of a template has a webhook address of its own', () => {
  const file = templates.find((template) => template.id === 'order-webhook')?.file;
  if (!file) throw new Error('No such template.');
  const paths = [freshFile(file), freshFile(file)].map((fresh) => fresh.nodes[0]?.config['path']);
  expect(paths[0]).toMatch(/^demo-new-order-[0-9a-f]{8}$/);
  expect(paths[0]).not.toBe(paths[1]);
});
