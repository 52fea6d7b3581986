import { startHttpService, type HttpService, type Reply } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEgress, type Egress } from './create-egress.ts';
import type { ResolvedCredential } from './credential.ts';

let service: HttpService;
let egress: Egress;
beforeAll(async () => {
  service = await startHttpService();
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(async () => {
  await egress.close();
  await service.close();
});

const password = 'canary & <secret>';
const userOf = (settings: Record<string, string>): ResolvedCredential => ({
  kind: 'soap-username',
  name: 'ERP',
  baseUrl: service.url,
  allowedHosts: [],
  secret: { username: 'flow', password },
  settings,
});
const mark = '<!--here-->';
const request = (
  reply: Reply,
  more: { soap?: { securityMark: string }; resolvedCredential?: ResolvedCredential; isIdempotent?: boolean } = {},
) => {
  service.on('/soap', reply);
  const given = { isIdempotent: true, resolvedCredential: { ...userOf({}), kind: 'basic' }, ...more };
  return egress.request({ method: 'POST', url: `${service.url}/soap`, body: `<a>${mark}</a>`, ...given });
};
const fault =
  '<?xml version="1.0"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="x"><SOAP-ENV:Body><SOAP-ENV:Fault/></SOAP-ENV:Body></SOAP-ENV:Envelope>';
const soap = { securityMark: mark };

test('a fault with 500 is an answer of a call that speaks SOAP, and of no other', async () => {
  expect(await request({ status: 500, body: fault }, { soap })).toMatchObject({ status: 500, body: fault });
  await expect(request({ status: 500, body: fault })).rejects.toMatchObject({ code: 'upstream.broken' });
});

test.each([
  [500, 'a web page', '<html><h1>500</h1></html>', 'upstream.broken'],
  [500, 'an answer', '<Envelope><Body><Answer/></Body></Envelope>', 'upstream.broken'],
  [502, 'a fault', fault, 'upstream.broken'],
  [503, 'a fault', fault, 'upstream.broken'],
  [429, 'a fault', fault, 'upstream.limited'],
])('%i with %s stays a failure of the service', async (status, _what, body, code) => {
  await expect(request({ status, body }, { soap })).rejects.toMatchObject({ code });
});

test('who we are is written where the call says so, or nothing is', async () => {
  await request({ body: '' }, { soap });
  expect(service.received.at(-1)?.body).toBe('<a></a>');
  await request({ body: '' }, { soap, resolvedCredential: userOf({ passwordType: 'text', mustUnderstand: 'no' }) });
  const sent = service.received.at(-1)?.body ?? '';
  expect(sent).toMatch(/^<a><wsse:Security [^>]*><wsse:UsernameToken>.*<\/wsse:UsernameToken><\/wsse:Security><\/a>$/);
  expect(sent).toContain('#PasswordText">canary &amp; &lt;secret&gt;</wsse:Password>');
  expect(sent).not.toMatch(/mustUnderstand|Timestamp|Nonce/);
  expect(service.received.at(-1)?.headers).not.toHaveProperty('authorization');
});

test('a user name of SOAP goes with no other call', async () => {
  const calls = service.received.length;
  await expect(request({ body: '' }, { resolvedCredential: userOf({}) })).rejects.toMatchObject({
    code: 'step.config',
    path: 'credential',
  });
  expect(service.received).toHaveLength(calls);
});

test('a password that the service repeats stands neither in its answer nor in an error', async () => {
  const repeated = fault.replace('<SOAP-ENV:Fault/>', '<SOAP-ENV:Fault>canary &amp; &lt;secret&gt; or canary & <secret></SOAP-ENV:Fault>');
  const resolvedCredential = userOf({ passwordType: 'text' });
  for (const kind of ['soap-username', 'basic']) {
    const answer = await request({ status: 500, body: repeated }, { soap, resolvedCredential: { ...resolvedCredential, kind } });
    expect(answer.body).toContain('<SOAP-ENV:Fault>… or …</SOAP-ENV:Fault>');
  }
  const failed = request({ status: 500, body: 'wrong: canary &amp; &lt;secret&gt;' }, { soap, resolvedCredential });
  await expect(failed).rejects.toMatchObject({ detail: expect.not.stringContaining('canary') });
});
