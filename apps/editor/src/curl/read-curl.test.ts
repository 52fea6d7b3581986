import { describe, expect, test } from 'vitest';
import { looksLikeCurl, readCurl } from './read-curl.ts';
import { splitWords } from './split-words.ts';

describe('words', () => {
  test.each([
    [`curl 'a b' "c\\"d" e\\ f`, ['curl', 'a b', 'c"d', 'e f']],
    [`curl $'it\\'s\\n\\u0021\\x41' 'x'"y"z`, ['curl', "it's\n!A", 'xyz']],
    ['curl \\\n  -H a \\\r\n -s ^\n x', ['curl', '-H', 'a', '-s', 'x']],
    ['curl x; rm -rf / ', ['curl', 'x']],
    ['curl x | jq . ', ['curl', 'x']],
    ['curl "$(rm -rf /)" `id` $HOME', ['curl', '$(rm -rf /)', '`id`', '$HOME']],
    [`curl ''`, ['curl', '']],
    ["curl 'unclosed", ['curl', 'unclosed']],
  ])('%s', (text, words) => expect(splitWords(text)).toEqual(words));
});

const config = (text: string) => readCurl(text)?.config;

describe('settings', () => {
  test('of a plain read, with its query apart', () => {
    expect(config(`curl -sSL 'https://api.test/orders?state=open&page=2' -H 'Accept: text/csv' --compressed`)).toEqual({
      method: 'GET',
      url: 'https://api.test/orders',
      query: { state: 'open', page: '2' },
      headers: { Accept: 'text/csv' },
      tries: 'steady',
    });
    expect(config('curl "api.test/a?x=1&x=2" -m 5 -o out.pdf')).toMatchObject({
      url: 'http://api.test/a?x=1&x=2',
      answerAs: 'file',
      timeout: '5s',
    });
  });

  test.each([
    [`curl https://a.test -d '{"a":1}' -H 'content-type: application/json'`, { method: 'POST', bodyKind: 'json', body: '{"a":1}' }],
    [`curl -XPUT https://a.test --json '{"a":1}'`, { method: 'PUT', bodyKind: 'json', body: '{"a":1}' }],
    [
      `curl https://a.test -d a=1 -d 'b=x y' --data-urlencode 'c=ñ&'`,
      { method: 'POST', bodyKind: 'form', form: { a: '1', b: 'x y', c: 'ñ&' } },
    ],
    [
      `curl https://a.test --data-raw '<a/>' -H 'Content-Type: application/xml'`,
      { bodyKind: 'text', text: '<a/>', headers: { 'Content-Type': 'application/xml' } },
    ],
    [
      `curl -G https://a.test/s -d q=kelp --data-urlencode 'r=a b'`,
      { method: 'GET', url: 'https://a.test/s', query: { q: 'kelp', r: 'a b' } },
    ],
    [
      `curl https://a.test -F doc=@/tmp/a.pdf -F 'note=hi;type=text/plain'`,
      { method: 'POST', bodyKind: 'multipart', form: { note: 'hi' }, files: { doc: '' } },
    ],
    [`curl -T a.pdf https://a.test/a.pdf`, { method: 'PUT', bodyKind: 'file' }],
    [`curl https://a.test --request=DELETE`, { method: 'DELETE' }],
  ])('%s', (text, expected) => expect(config(text)).toMatchObject(expected));
});

describe('secrets', () => {
  test.each([
    [`curl -u ann:s3cret-x https://a.test`, { kind: 'basic', secret: { username: 'ann', password: 's3cret-x' } }],
    [`curl https://ann:s3cret-x@a.test/b`, { kind: 'basic', secret: { username: 'ann', password: 's3cret-x' } }],
    [`curl https://a.test -H 'Authorization: Bearer s3cret-x'`, { kind: 'bearer', secret: { token: 's3cret-x' } }],
    [
      `curl https://a.test -H 'authorization: Basic ${btoa('ann:s3cret-x')}'`,
      { kind: 'basic', secret: { username: 'ann', password: 's3cret-x' } },
    ],
    [
      `curl https://a.test -H 'Authorization: Token s3cret-x'`,
      { kind: 'header', secret: { name: 'Authorization', value: 'Token s3cret-x' } },
    ],
    [`curl https://a.test -H 'X-Api-Key: s3cret-x'`, { kind: 'header', secret: { name: 'X-Api-Key', value: 's3cret-x' } }],
    [`curl 'https://a.test?api_key=s3cret-x&b=1'`, { kind: 'query', secret: { name: 'api_key', value: 's3cret-x' } }],
    [`curl https://a.test -b 'sid=s3cret-x'`, { kind: 'header', secret: { name: 'Cookie', value: 'sid=s3cret-x' } }],
  ])('leave the flow: %s', (text, secret) => {
    const read = readCurl(text);
    expect(read?.secret).toEqual(secret);
    expect(JSON.stringify(read?.config)).not.toContain('s3cret');
    expect(JSON.stringify(read?.config)).not.toContain(btoa('ann:s3cret-x'));
    expect(read?.host).toBe('a.test');
  });

  test('but one of several, with a word about the others', () => {
    const read = readCurl(`curl 'https://a.test?token=s3cret-1' -H 'Cookie: a=s3cret-2' -H 'Authorization: Bearer s3cret-3'`);
    expect(read?.secret).toEqual({ kind: 'bearer', secret: { token: 's3cret-3' } });
    expect(read?.notes.map(({ what, name }) => [what, name])).toEqual([
      ['second-secret', 'token'],
      ['second-secret', 'Cookie'],
    ]);
    expect(JSON.stringify(read?.config)).not.toContain('s3cret');
  });
});

test('secrets in a body leave their fields empty', () => {
  for (const text of [
    `curl https://a.test/token -d grant_type=x -d client_secret=s3cret-x`,
    `curl https://a.test/token -d '{"grant_type":"x","client_secret":"s3cret-x","in":[{"Password":"s3cret-y"}]}'`,
    `curl https://a.test/token -F grant_type=x -F api_key=s3cret-x`,
  ]) {
    const read = readCurl(text);
    expect(JSON.stringify(read?.config)).not.toContain('s3cret');
    expect(JSON.stringify(read?.config)).toContain('grant_type');
    expect(read?.notes[0]).toMatchObject({ what: 'field-secret' });
  }
});

test('what has no place here is told', () => {
  const { notes = [] } =
    readCurl(`curl -k --digest --what-is-this https://a.test/$ID -x http://proxy.test https://b.test -d @body.json -X PURGE`) ?? {};
  expect(notes).toEqual([
    { what: 'left-out', name: '--insecure' },
    { what: 'left-out', name: '--digest' },
    { what: 'left-out', name: '--proxy' },
    { what: 'left-out', name: '--what-is-this' },
    { what: 'second-address', name: 'https://b.test' },
    { what: 'shell', name: '$ID' },
    { what: 'file', name: 'body.json' },
    { what: 'left-out', name: 'PURGE' },
  ]);
});

test.each(['wget https://a.test', 'curl', 'curl -H', 'curl file:///etc/passwd', 'curl gopher://a.test', '', 'curly https://a.test'])(
  'is none: %s',
  (text) => expect(readCurl(text)).toBeNull(),
);

test('is recognised when it is pasted', () => {
  expect(['curl https://a', ' $ curl -X', 'curl.exe https://a', 'curling', '{"curl":1}'].map(looksLikeCurl)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
