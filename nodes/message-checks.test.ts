import { checkFlow, renderConfig } from '@holdfast/graph';
import { literally } from '@holdfast/messages';
import type { CheckWorld, JsonObject } from '@holdfast/node-kit';
import { flowFromText } from '@holdfast/test-kit';
import { expect, test } from 'vitest';
import { ask } from './ask/node.ts';
import { catalog } from './catalog.ts';

const world = (...kinds: string[]): CheckWorld => ({
  credentials: [],
  channels: kinds.map((kind) => ({ id: `chan_${kind}`, name: kind, kind })),
  variables: [],
});
const choices = (...labels: string[]) => labels.map((label, index) => ({ id: `c${index}`, label }));

function findings(config: JsonObject, ...kinds: string[]) {
  const flow = flowFromText('start:channel-trigger -> say:send-message', { catalog, configs: { say: config } });
  return checkFlow(flow, catalog, world(...kinds)).filter(({ code, node }) => code === 'node.advice' && node === 'say');
}

test('a message that WhatsApp shows otherwise is told of where a flow listens there, with the setting to look at', () => {
  const four = { text: 'Which?', buttons: choices('A', 'B', 'C', 'D') };
  expect(findings(four, 'whatsapp', 'telegram')).toMatchObject([
    { severity: 'warning', field: 'buttons', reason: expect.stringContaining('WhatsApp shows at most 3 buttons: these become a list.') },
  ]);
  expect(findings({ text: 'Which?', buttons: choices('A', 'Twenty-one characters') }, 'whatsapp')).toMatchObject([
    { field: 'buttons.1.label' },
  ]);
  expect(findings({ text: 'Which?', buttons: choices('A', 'More than twenty-four chars') }, 'whatsapp')).toMatchObject([
    { field: 'buttons.1.label', reason: expect.stringContaining('numbered text') },
  ]);
  expect(findings(four, 'telegram', 'simulator')).toEqual([]);
});

test('a text that goes as several messages is told of; one whose length its values decide is not', () => {
  expect(findings({ text: 'x'.repeat(5_000) }, 'telegram')).toMatchObject([{ field: 'text' }]);
  expect(findings({ text: `{{ contact.name }}${'x'.repeat(5_000)}` }, 'telegram')).toEqual([]);
});

const fill = (config: JsonObject): JsonObject => {
  const definition = catalog['send-message'];
  return definition ? renderConfig(definition, config, scope) : {};
};
const scope = {
  trigger: { text: '*no* [x](https://evil.test)' },
  nodes: {},
  contact: null,
  conversation: null,
  variables: {},
  run: { id: 'run_1', startedAt: '', flow: '' },
};

test('what a customer wrote stays characters in a formatted message, and a plain message is filled in as ever', () => {
  const config = { text: '**{{ trigger.text }}**', buttons: choices('{{ trigger.text }}') };
  const rich = fill({ ...config, textFormat: 'rich' });
  expect(rich['text']).toBe(`**${literally(scope.trigger.text)}**`);
  expect(rich['buttons']).toEqual([{ id: 'c0', label: scope.trigger.text }]);
  expect(fill(config)['text']).toBe(`**${scope.trigger.text}**`);
  expect(fill({ ...config, text: '{{ trigger.text | formatted }}', textFormat: 'rich' })['text']).toBe(scope.trigger.text);
});

test('a question says its choices and its format each time it asks', () => {
  const config = ask.config.parse({
    question: '_Which?_',
    textFormat: 'rich',
    expects: 'choice',
    choices: choices('A', 'B'),
    listLabel: 'Pick',
  });
  const said = { format: 'rich', buttons: choices('A', 'B'), list: { open: 'Pick' } };
  expect(ask.says?.(config)).toMatchObject({ text: '_Which?_', ...said });
  const event = { kind: 'reply' as const, messages: [{ id: 'm', text: 'zzz', attachments: [], receivedAt: '' }] };
  expect(ask.resolve({ config, scope, event, tries: 1 })).toMatchObject({ say: said });
});
