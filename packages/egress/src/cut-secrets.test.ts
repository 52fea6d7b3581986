import { expect, test } from 'vitest';
import { cutterOf } from './cut-secrets.ts';

const secret = 'sk/live+"Ä"&<7>=x';
const bytes = Buffer.from(secret);
const written: [string, string][] = [
  ['as it is', secret],
  ['in an address', encodeURIComponent(secret)],
  ['in an address, in small letters', encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['in a form', new URLSearchParams({ x: `${secret} ` }).toString()],
  ['in JSON', JSON.stringify({ secret })],
  ['in JSON as PHP writes it', String.raw`"sk\/live+\"Ä\"&<7>=x"`],
  ['in JSON as Go writes it', JSON.stringify(secret).replaceAll(/[&<>]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)],
  ['in JSON as Python writes it', JSON.stringify(secret).replaceAll('Ä', String.raw`\u00c4`)],
  ['in XML', 'sk/live+&quot;Ä&quot;&amp;&lt;7&gt;=x'],
  ['in HTML', 'sk/live+&#34;Ä&#34;&amp;&lt;7&gt;=x'],
  ['in hex', bytes.toString('hex')],
  ['in large hex', bytes.toString('hex').toUpperCase()],
  ...['', 'a', 'ab', 'abc'].map((before): [string, string] => [
    `in base64 behind "${before}"`,
    Buffer.from(`${before}${secret}:password`).toString('base64'),
  ]),
  ['in base64 of addresses', Buffer.from(`user:${secret}`).toString('base64url')],
];

test.each(written)('a secret is cut out %s', (_how, text) => {
  const { text: cut, bytes: mask, value } = cutterOf([secret]);
  expect(cut(`<<${text}>>`)).toMatch(/^<<.*…/);
  expect(text).toHaveLength(mask(Buffer.from(text, 'latin1')).length);
  const masked = mask(Buffer.from(`<<${text}>>`)).toString();
  expect(masked).toMatch(/^<<.*\*{8}/);
  // Nothing of it is left that could be read back.
  for (const left of [cut(text), masked, JSON.stringify(value({ [text]: [text] }))])
    for (const [, form] of written) expect(left).not.toContain(form);
});

test('what holds no secret is given back as it was, and a short one is a word like any other', () => {
  const answer = { items: [{ name: 'Ann', note: 'the pass word' }], count: 3, none: null };
  const file = Buffer.from('the pass word');
  for (const { value, bytes: mask, text } of [cutterOf([secret]), cutterOf(['pass', '']), cutterOf([])]) {
    expect(value(answer)).toBe(answer);
    expect(mask(file)).toBe(file);
    expect(text('the pass word')).toBe('the pass word');
  }
  expect(cutterOf(['pass'], 4).text('the pass word')).toBe('the … word');
});

test('a file keeps its length, and a field named by a secret or "__proto__" stays a field', () => {
  const { value, bytes: mask } = cutterOf(['s3cret-token']);
  expect(mask(Buffer.from('a s3cret-token, a s3cret-token')).toString()).toBe('a ************, a ************');
  const odd = value(JSON.parse('{"__proto__": {"s3cret-token": 1}, "b": "s3cret-token"}'));
  expect(JSON.stringify(odd)).toBe('{"__proto__":{"…":1},"b":"…"}');
});
