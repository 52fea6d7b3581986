import { checkFlow, diffFlows, type FlowFile } from '@holdfast/graph';
import { catalog } from '@holdfast/nodes/catalog';
import { expect, test } from 'vitest';
import { saySentence } from './say-sentence.ts';

const node = (id: string, type: string, config = {}) => ({ id, type, typeVersion: 1, name: id, config, position: { x: 0, y: 0 } });
const edge = (id: string, from: string, port: string, to: string) => ({ id, from: { node: from, port }, to: { node: to } });
const base: FlowFile = {
  format: 'holdfast.flow/1',
  name: 'F',
  description: '',
  settings: { mergeBurst: '1500ms', onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: [],
  edges: [],
  notes: [],
};
const broken: FlowFile = {
  ...base,
  nodes: [
    node('start', 'channel-trigger'),
    node('call', 'api-call', { extra: 1 }),
    node('lonely', 'end'),
    node('odd', 'from-the-future'),
    node('say', 'send-message', {
      text: '{{ nodes.gone.x }} {{ variables.none }} {{ trigger.nope }} {{ contact.age }} {{ nodes.call.body }}',
    }),
    node('a', 'set-data', { fields: [{ name: 'x', value: '1' }] }),
    node('b', 'join'),
  ],
  edges: [
    edge('e1', 'start', 'message', 'call'),
    edge('e2', 'call', 'ok', 'start'),
    edge('e3', 'call', 'nowhere', 'say'),
    edge('e4', 'start', 'message', 'a'),
    edge('e5', 'a', 'done', 'b'),
    edge('e6', 'b', 'done', 'a'),
    edge('e7', 'ghost', 'x', 'say'),
  ],
};
const world = { credentials: [], channels: [], variables: [] };
const identity = (text: string) => text;

test('every finding and its fix can be said in Spanish', () => {
  const findings = [...checkFlow(broken, catalog, world), ...checkFlow(base, catalog, world)];
  expect(findings.length).toBeGreaterThan(10);
  for (const { reason } of findings) {
    expect(saySentence(reason, 'es', identity), reason).not.toBe(reason);
    expect(saySentence(reason, 'en', identity)).toBe(reason);
  }
  // A node's own fixes are in its own file of sentences.
  const ours = findings.filter(({ code, fix }) => code !== 'node.advice' && !/Connections/.test(fix));
  for (const { fix } of ours) expect(saySentence(fix, 'es', identity), fix).not.toBe(fix);
});

test('every difference between two flows can be said in Spanish', () => {
  const other: FlowFile = {
    ...broken,
    name: 'G',
    description: 'x',
    settings: { mergeBurst: '2s', onExhausted: 'end', maxSteps: 9, lane: 'auto' },
    nodes: broken.nodes.slice(0, 3).map((item) => ({ ...item, name: `${item.name}!`, config: { a: 1 } })),
    edges: broken.edges.slice(0, 1),
  };
  const changes = [...diffFlows(broken, other, catalog), ...diffFlows(other, broken, catalog)];
  expect(changes.length).toBeGreaterThan(10);
  for (const { text } of changes) expect(saySentence(text, 'es', identity), text).not.toBe(text);
});

test('the words of a node are looked up inside the sentence', () => {
  const say = (text: string) => (text === 'Address' ? 'Dirección' : text === 'No key for this.' ? 'No hay clave para esto.' : text);
  expect(saySentence('"Look up" needs "Address".', 'es', say)).toBe('A «Look up» le falta «Dirección».');
  expect(saySentence('"Look up": No key for this.', 'es', say)).toBe('«Look up»: No hay clave para esto.');
});

test('the settings and exits that a change names are said in the reader’s words', () => {
  const words = new Map([
    ['Address', 'Dirección'],
    ['Headers', 'Cabeceras'],
    ['Answered', 'Respondió'],
  ]);
  const say = (text: string) => words.get(text) ?? text;
  expect(saySentence('"Look up" has other settings: Address, Headers.', 'es', say)).toBe(
    '«Look up» tiene otros ajustes: Dirección, Cabeceras.',
  );
  expect(saySentence('"Look up" leads now to "Reply" (Answered).', 'es', say)).toBe('«Look up» lleva ahora a «Reply» (Respondió).');
});

test('a change names settings and exits as the form and the card do', () => {
  const before: FlowFile = { ...base, nodes: [node('call', 'api-call', { url: 'https://a.example' }), node('say', 'send-message')] };
  const after = { ...before, nodes: [node('call', 'api-call', { url: 'https://b.example' }), before.nodes[1]!] };
  const texts = diffFlows(before, { ...after, edges: [edge('e1', 'call', 'ok', 'say')] }, catalog).map(({ text }) => text);
  expect(texts).toEqual(['"call" has other settings: Address.', '"call" leads now to "say" (Answered).']);
});
