import { expect, test } from 'vitest';
import { createSearch } from './create-search.ts';

const secret = 'canary/+"é"&1?';
const bytes = Buffer.from(secret);
const written: [string, string][] = [
  ['as it is', secret],
  ['in an address', encodeURIComponent(secret)],
  ['in a form', new URLSearchParams([['x', secret]]).toString()],
  ['in JSON', JSON.stringify({ secret })],
  ['in JSON within JSON', JSON.stringify({ text: JSON.stringify({ secret }) })],
  ['in hex', bytes.toString('hex')],
  ['in large hex', bytes.toString('hex').toUpperCase()],
  ...['', 'a', 'ab'].map((before): [string, string] => [
    `in base64 behind "${before}"`,
    Buffer.from(`${before}${secret}:x`).toString('base64'),
  ]),
  ['in base64 of addresses', Buffer.from(`${secret}??>`).toString('base64url')],
];

test.each(written)('a secret is found %s, at the start, in the midst and at the end', (_how, text) => {
  const search = createSearch({ other: 'another-canary', mine: secret });
  for (const content of [text, `<<${text}>>`, `…${text}`]) {
    expect(search(content)).toEqual(['mine']);
    expect(search(Buffer.from(content))).toEqual(['mine']);
  }
});

test('what is nearly a secret is none', () => {
  const search = createSearch({ mine: 'canary-1234' });
  for (const text of ['canary-123', 'canary-1235', 'anary-1234', '', 'ca']) expect(search(text)).toEqual([]);
});
