import type { Scope } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { answerWith, readAnswering } from './answer-with.ts';
import { readMessageId } from './message-id.ts';
import { isSecretHeader } from './secret-headers.ts';

const nasty = `"></a><script>alert(1)</script>&'`;
const scope: Scope = {
  trigger: { body: { name: nasty, line: 'a\r\nset-cookie: x=1', order: 7 } },
  nodes: { lookup: { status: 404, low: 99 } },
  contact: null,
  conversation: null,
  variables: {},
  run: { id: 'run_1', startedAt: '', flow: '' },
};
const answer = (more: object) =>
  answerWith(
    readAnswering({ respond: 'template', timeout: '20s', status: 200, answerType: 'json', answer: '', answerHeaders: {}, ...more }),
    scope,
  );

describe('an answer of one’s own', () => {
  test('stays JSON whatever is inserted', () => {
    const { body, type } = answer({ answer: '{ "name": "{{ trigger.body.name }}", "order": {{ trigger.body.order }} }' });
    expect(JSON.parse(body)).toEqual({ name: nasty, order: 7 });
    expect(type).toBe('application/json; charset=utf-8');
  });

  test.each(['html', 'xml'])('lets no value open a tag in %s', (answerType) => {
    const { body } = answer({ answerType, answer: '<p title="{{ trigger.body.name }}">{{ trigger.body.name | raw }}</p>' });
    expect(body.match(/[<>"']/g)?.join('')).toBe('<""><>');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;');
  });

  test('keeps a text as it is', () => {
    expect(answer({ answerType: 'text', answer: 'Hello {{ trigger.body.name }}' })).toMatchObject({
      type: 'text/plain; charset=utf-8',
      body: `Hello ${nasty}`,
    });
  });

  test('makes no second header of a value', () => {
    expect(answer({ answerHeaders: { 'X-Line': '{{ trigger.body.line }}' } }).headers).toEqual({ 'x-line': 'a set-cookie: x=1' });
  });

  test.each([
    ['{{ nodes.lookup.status }}', 404],
    ['{{ nodes.lookup.low }}', 200],
    ['{{ trigger.body.name }}', 200],
    ['', 200],
  ])('takes its status from %j: %i', (statusFrom, status) => {
    expect(answer({ statusFrom }).status).toBe(status);
  });
});

test.each([
  ['X-Shopify-Webhook-Id', 'w1'],
  ['body.id', 'evt_1'],
  ['body.data.number', '7'],
  ['body.list.0', null],
  ['body.__proto__.x', null],
  ['x-other', null],
])('the id at %s is %s', (where, id) => {
  const body = JSON.parse('{ "id": "evt_1", "data": { "number": 7 }, "list": ["a"] }');
  expect(readMessageId(where, { 'x-shopify-webhook-id': 'w1' }, body)).toBe(id);
});

test.each([
  ['authorization', true],
  ['x-api-key', true],
  ['apikey', true],
  ['x-gitlab-token', true],
  ['x-hub-signature-256', true],
  ['stripe-signature', true],
  ['x-client-secret', true],
  ['idempotency-key', false],
  ['x-shop', false],
  ['content-type', false],
  ['x-tokenizer', false],
])('%s may hold a secret: %s', (name, isSecret) => {
  expect(isSecretHeader(name)).toBe(isSecret);
});
