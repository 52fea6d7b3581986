import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEgress, type Egress } from './create-egress.ts';
import type { ResolvedCredential } from './credential.ts';
import { hmacHeaders } from './sign-hmac.ts';

let service: HttpService;
let egress: Egress;
let now = 1_700_000_000_123;
beforeAll(async () => {
  service = await startHttpService();
  egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000, totalMs: 60_000 }, now: () => now });
});
afterAll(() => Promise.all([egress.close(), service.close()]));

const credential = (settings: Record<string, string>, hmacKey: string): ResolvedCredential => ({
  kind: 'hmac',
  allowedHosts: ['127.0.0.1'],
  settings,
  secret: { hmacKey },
});

/** The browsers' own implementation, not the one that signs. */
async function signatureBy(key: string | Buffer, text: string, hash: 'SHA-256' | 'SHA-512'): Promise<Buffer> {
  const made = await crypto.subtle.importKey('raw', Buffer.from(key), { name: 'HMAC', hash }, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', made, Buffer.from(text)));
}

test('a body is signed as a well-known service says', () => {
  // The example of GitHub's documentation, "Testing the webhook payload validation".
  const given = credential({ header: 'X-Hub-Signature-256', prefix: 'sha256=' }, "It's a Secret to Everybody");
  const url = new URL('https://127.0.0.1/');
  expect(hmacHeaders(given, { method: 'POST', url, body: Buffer.from('Hello, World!'), now })).toEqual({
    'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  });
});

test('what goes out is what was signed, with a time of its own for each attempt', async () => {
  const settings = {
    algorithm: 'sha512',
    encoding: 'base64',
    keyFormat: 'hex',
    header: 'X-Sign',
    signedText: String.raw`{timestamp}.{method}.{host}{path}\n{bodyHash}.{body}`,
    timestampHeader: 'X-Time',
    timestampFormat: 'milliseconds',
    keyIdHeader: 'X-Key',
    keyId: 'shop-1',
    prefix: 'HMAC',
  };
  const body = JSON.stringify({ total: '12 €' });
  service.on('/signed', { body: { ok: true } });
  for (const moment of [now, now + 5_000]) {
    now = moment;
    const query = { b: 'x y', a: 'ñ' };
    await egress.request({ method: 'POST', url: `${service.url}/signed`, query, body, resolvedCredential: credential(settings, '00ff7f') });
    const got = service.received.at(-1);
    const hash = Buffer.from(await crypto.subtle.digest('SHA-512', Buffer.from(body))).toString('hex');
    const text = `${moment}.POST.${service.host}:${service.port}${got?.path}\n${hash}.${body}`;
    const expected = await signatureBy(Buffer.from('00ff7f', 'hex'), text, 'SHA-512');
    expect(got?.headers).toMatchObject({ 'x-sign': `HMAC ${expected.toString('base64')}`, 'x-time': String(moment), 'x-key': 'shop-1' });
    expect(got?.headers).not.toHaveProperty('authorization');
  }
});

test('bytes are signed as they are, and a read without a body too', async () => {
  const given = credential({ header: 'x-sign' }, 'key');
  const bytes = new Uint8Array([0, 255, 123, 98]);
  service.on('/signed', {});
  await egress.request({ method: 'PUT', url: `${service.url}/signed`, body: bytes, resolvedCredential: given });
  const made = await crypto.subtle.importKey('raw', Buffer.from('key'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const ofBytes = Buffer.from(await crypto.subtle.sign('HMAC', made, bytes)).toString('hex');
  expect(service.received.at(-1)?.headers['x-sign']).toBe(ofBytes);
  await egress.request({ method: 'GET', url: `${service.url}/signed`, resolvedCredential: given });
  expect(service.received.at(-1)?.headers['x-sign']).toBe((await signatureBy('key', '', 'SHA-256')).toString('hex'));
});

test('the key goes nowhere: not with a redirect, not to another host, not into an error', async () => {
  const given = credential({ header: 'x-sign' }, 'a-key-that-nobody-sees');
  service.on('/moved', { status: 302, headers: { location: `http://localhost:${service.port}/signed` } });
  const before = service.received.length;
  await egress.request({ method: 'GET', url: `${service.url}/moved`, resolvedCredential: given }).catch(() => null);
  expect(service.received.slice(before).map(({ path }) => path)).toEqual(['/moved']);
  service.on('/echo', { status: 500, body: 'a-key-that-nobody-sees' });
  const failed = await egress
    .request({ method: 'GET', url: `${service.url}/echo`, resolvedCredential: given })
    .catch((error: unknown) => error);
  expect(JSON.stringify(failed)).not.toContain('a-key-that');
  await expect(
    egress.request({ method: 'GET', url: `http://localhost:${service.port}/x`, resolvedCredential: given }),
  ).rejects.toMatchObject({ code: 'credential.host' });
});
