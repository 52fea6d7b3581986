import { describe, expect, test } from 'vitest';
import { webhookTrigger } from './node.ts';

const world = {
  credentials: [
    { id: 'cred_sign', name: 'GitHub', kind: 'signing' },
    { id: 'cred_basic', name: 'Ana', kind: 'basic' },
  ],
  channels: [],
  variables: [],
};
const found = (config: object) =>
  webhookTrigger
    .check?.(webhookTrigger.config.parse({ path: 'new-order', ...config }), world)
    .map(({ field, severity }) => `${severity} ${field}`);

describe('a webhook', () => {
  test.each([
    [{}, ['warning proof']],
    [{ proof: 'standard' }, ['error credential']],
    [{ proof: 'standard', credential: 'cred_basic' }, ['error credential']],
    [{ proof: 'standard', credential: 'cred_gone' }, ['error credential']],
    [{ proof: 'standard', credential: 'cred_sign' }, []],
    [{ proof: 'hmac', credential: 'cred_sign', signedText: '{id}.{body}' }, ['error signedText']],
    [{ proof: 'hmac', credential: 'cred_sign', signedText: '{id}.{body}', messageId: 'x-id' }, []],
    [{ proof: 'hmac', credential: 'cred_sign', timestampHeader: 'x-time' }, ['error timestampHeader']],
    [{ proof: 'hmac', credential: 'cred_sign', timestampHeader: 'x-time', signedText: '{timestamp}.{body}' }, []],
    [{ proof: 'basic', credential: 'cred_basic', respond: 'template', answer: ' ' }, ['error answer']],
    [{ proof: 'basic', credential: 'cred_basic', answer: '{{ nodes.stock.body }}' }, ['error answer']],
    [{ proof: 'basic', credential: 'cred_basic', respond: 'template', answer: '{{ nodes.stock.body }}' }, []],
    [{ proof: 'basic', credential: 'cred_basic', answerHeaders: { 'Set-Cookie': 'a=1' } }, ['error answerHeaders']],
    [{ proof: 'basic', credential: 'cred_basic', answerHeaders: { 'X-Shop': 'a' } }, []],
  ])('with %j: %j', (config, findings) => {
    expect(found(config)).toEqual(findings);
  });

  test('is read like one from before there were proofs', () => {
    expect(webhookTrigger.config.parse({ path: 'new-order' })).toMatchObject({ proof: 'none', respond: 'now', status: 200 });
  });

  test.each(['body.', 'a b', 'body..id', 'x'.repeat(121)])('takes %j for no place of an id', (messageId) => {
    expect(webhookTrigger.config.safeParse({ path: 'new-order', messageId }).success).toBe(false);
  });
});
