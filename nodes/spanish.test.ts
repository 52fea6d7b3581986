import { existsSync, readFileSync } from 'node:fs';
import type { CheckWorld, JsonObject } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalog } from './catalog.ts';
import { stringsOf } from './strings-of.ts';

const dictionary = z.record(z.string(), z.string().min(1));
/** A node that has no file yet is told all that belongs into it. */
function read(folder: string): Record<string, string> {
  const file = new URL(`${folder}/es.json`, import.meta.url);
  return existsSync(file) ? dictionary.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

const shared = read('fields');

describe.each(Object.values(catalog).map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  const spanish = { ...shared, ...read(type) };

  test('says everything in Spanish too', () => {
    expect(stringsOf(definition).filter((text) => spanish[text] === undefined)).toEqual([]);
  });
});

// What a check says is computed; these configs make every check speak.
const outdated = { channelId: 'chan_1', language: 'en', isNamed: false, components: [{ type: 'BODY', text: 'Hello {{1}}' }] };
const world: CheckWorld = {
  credentials: [{ id: 'cred_basic', name: 'Basic', kind: 'basic' }],
  channels: [],
  variables: [],
  templates: [
    { ...outdated, name: 'waits', status: 'pending' },
    { ...outdated, name: 'stopped', status: 'paused' },
  ],
};
const faulty: Record<string, JsonObject[]> = {
  'channel-trigger': [{ channels: ['chan_gone'] }],
  'schedule-trigger': [{ cron: '0 0 30 2 *' }],
  'pattern-match': [{ rules: [{ id: 'r', kind: 'regex', pattern: '(' }] }],
  llm: [{ ladder: [{ provider: 'groq', model: 'm', credential: 'cred_gone' }] }, { answerAs: 'data', schema: 'no' }],
  'api-operation': [
    {
      operation: {
        id: 'x',
        title: 'X',
        method: 'GET',
        path: '/x',
        fields: [{ name: 'query.q', title: 'q', type: 'text', required: true, place: 'query', keys: ['q'] }],
        body: 'none',
      },
      credential: '',
      values: { gone: 'x' },
    },
  ],
  'api-call': [
    { url: 'ftp://x', credential: 'cred_gone' },
    { url: 'https://x', method: 'POST', keepFor: '1h' },
    { url: 'https://x', pages: 'cursor', answerAs: 'file' },
  ],
  'send-message': ['gone', 'waits', 'stopped'].map((name) => ({
    text: 'x',
    template: { name, language: 'en', values: [{ key: '7', value: 'x' }] },
  })),
  'message-contact': [{ channel: 'chan_gone', address: 'a', text: 'b' }],
  database: [
    { sql: 'select {{ trigger.text }}' },
    { sql: "select '" },
    { sql: 'select 1; select 2' },
    { sql: 'delete from orders' },
    { sql: 'select 1', operation: 'change' },
    { sql: 'select :a', values: [{ name: 'b' }] },
  ].map((config) => ({ credential: 'cred_gone', ...config })),
  'google-sheets': [{ operation: 'upsert', credential: 'cred_gone', spreadsheet: 'My orders' }],
  'google-sheets-trigger': [{ credential: 'cred_gone', spreadsheet: 'My orders' }],
  'quickbooks-trigger': [{ credential: 'cred_gone' }],
  'shopify-trigger': [{ credential: 'cred_gone' }],
  retry: [{ firstDelay: '1h', maxDelay: '1m' }],
  's3-file': [{ credential: 'cred_gone' }],
  spreadsheet: [{ operation: 'read' }, { operation: 'write' }],
  quickbooks: [{ credential: 'cred_gone' }, { operation: 'create-invoice', credential: 'cred_gone' }],
  shopify: [{ credential: 'cred_gone' }, { operation: 'create-order', credential: 'cred_gone' }],
  soap: [
    {
      operation: {
        id: 'x',
        title: 'X',
        version: '1.1',
        action: '',
        address: '',
        input: null,
        output: null,
        oneWay: false,
        faults: [],
        types: [],
        fields: [{ name: 'q', title: 'q', type: 'text', required: true, keys: ['q'] }],
      },
      keepFor: '1h',
    },
  ],
  'webhook-trigger': [
    {},
    { proof: 'standard' },
    { proof: 'bearer', credential: 'cred_gone' },
    { proof: 'header', credential: 'cred_basic' },
    { proof: 'basic' },
    { proof: 'hmac', credential: 'cred_basic', signedText: '{id}.{body}', timestampHeader: 'x-time' },
    { respond: 'template' },
    { answer: '{{ nodes.a.b }}', answerHeaders: { 'Set-Cookie': 'a=1' } },
  ].map((config) => ({ path: 'new-order', ...config })),
};

test.each(Object.entries(faulty))('%s finds what its schema can’t, and says it in Spanish too', (type, configs) => {
  const spanish = { ...shared, ...read(type) };
  const definition = catalog[type];
  for (const config of configs) {
    const findings = definition?.check?.(z.record(z.string(), z.any()).parse(definition.config.parse(config)), world) ?? [];
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.flatMap(({ reason, fix }) => [reason, fix]).filter((text) => spanish[text] === undefined)).toEqual([]);
  }
});

test('every node with a check is made to speak here', () => {
  expect(
    Object.values(catalog)
      .filter((definition) => definition.check)
      .map((definition) => definition.type)
      .sort(),
  ).toEqual(Object.keys(faulty).sort());
});
