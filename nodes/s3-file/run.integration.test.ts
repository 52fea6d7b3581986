import { createEgress, type Egress, type ResolvedCredential } from '@holdfast/egress';
import { jsonObject, type JsonObject } from '@holdfast/node-kit';
import { startS3Server, type TestS3 } from '@holdfast/test-kit';
import { effectContext, filesInMemory } from '@holdfast/test-kit/effects';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { s3File } from './node.ts';
import { runS3File } from './run.ts';

let s3: TestS3;
let egress: Egress;
beforeAll(async () => {
  s3 = await startS3Server();
  // The server is on this machine: only the administrator's own address of the credential leads there.
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(async () => {
  await egress.close();
  await s3.close();
});

const credential = (changes: Partial<ResolvedCredential> = {}): ResolvedCredential => ({
  kind: 's3',
  name: 'Files',
  baseUrl: s3.endpoint,
  apiUrl: `${s3.endpoint}/${s3.bucket}/`,
  allowedHosts: [new URL(s3.endpoint).host],
  settings: { region: s3.region, bucket: s3.bucket, accessKeyId: s3.accessKeyId },
  secret: { secretAccessKey: s3.secretAccessKey },
  ...changes,
});

async function run(config: JsonObject, resolvedCredential = credential()) {
  const files = filesInMemory({
    file_a: { name: 'Invoice A-1.pdf', mimeType: 'application/pdf', content: new Uint8Array([0, 255, 1, 254]) },
    page: { name: 'a.html', mimeType: 'text/html', content: new TextEncoder().encode('<script>alert(1)</script>') },
    file_b: { name: 'b.txt', mimeType: 'text/plain', content: new TextEncoder().encode('another') },
  });
  const { context } = effectContext({
    files,
    egress: { request: async (call) => egress.request({ ...call, resolvedCredential }) },
    presign: async (link) => egress.presign({ ...link, resolvedCredential }),
  });
  const parsed = jsonObject.parse(s3File.config.parse({ credential: 'cred_1', ...config }));
  const { port, output } = await runS3File.run({ config: parsed, context });
  return { port, output: jsonObject.parse(output), files };
}

test('what is stored under an odd name is listed, fetched as it was, and handed out by a link', async () => {
  const key = 'invoices/Ana & Ñu+ #1 (copy)*.pdf';
  expect(await run({ key, file: 'file_a' })).toMatchObject({ port: 'done', output: { key, file: { sizeBytes: 4 } } });
  expect((await run({ operation: 'list', prefix: 'invoices/' })).output['files']).toMatchObject([{ key, sizeBytes: 4 }]);
  const { output, files } = await run({ operation: 'get', key });
  expect(output['file']).toMatchObject({ name: 'Ana & Ñu+ #1 (copy)*.pdf', mimeType: 'application/octet-stream', sizeBytes: 4 });
  expect([...(await files.read('file_made')).content]).toEqual([0, 255, 1, 254]);
  const made = (await run({ operation: 'link', key, expires: '1h' })).output['link'];
  const link = typeof made === 'string' ? made : '';
  const fetched = await fetch(link);
  expect([fetched.status, [...new Uint8Array(await fetched.arrayBuffer())]]).toEqual([200, [0, 255, 1, 254]]);
  expect((await fetch(link.replace('copy', 'other'))).status).toBe(403);
});

test('a file is what its bytes show, whatever the storage says it is', async () => {
  await run({ key: 'page.html', file: 'page' });
  expect((await run({ operation: 'get', key: 'page.html' })).output['file']).toMatchObject({ mimeType: 'application/octet-stream' });
});

test('a file of the same name is replaced, so a step that is tried again stores it once', async () => {
  await run({ key: 'twice/a.txt', file: 'file_a' });
  await run({ key: 'twice/a.txt', file: 'file_b' });
  expect((await run({ operation: 'list', prefix: 'twice/' })).output['files']).toMatchObject([{ key: 'twice/a.txt', sizeBytes: 7 }]);
});

test('values that are filled in lead to no other folder, bucket or server', async () => {
  const { output } = await run({ key: '../../other-bucket/..\\..//\u202e/a\n.txt', file: 'file_b' });
  expect(output['key']).toBe('other-bucket/a.txt');
  expect((await run({ operation: 'list', prefix: 'other-bucket/' })).output['files']).toHaveLength(1);
  await expect(run({ key: ' ../ ', file: 'file_b' })).rejects.toMatchObject({ code: 'step.config', path: 'key' });
});

test('a missing file has an exit of its own; a wrong key, a wrong bucket and a private address are told apart', async () => {
  expect(await run({ operation: 'get', key: 'none.pdf' })).toMatchObject({ port: 'missing', output: { key: 'none.pdf', file: null } });
  const wrong = credential({ secret: { secretAccessKey: 'wrong' } });
  await expect(run({ key: 'a', file: 'file_a' }, wrong)).rejects.toMatchObject({ code: 'upstream.unauthorized' });
  const elsewhere = credential({ apiUrl: `${s3.endpoint}/no-such-bucket/` });
  await expect(run({ operation: 'get', key: 'a' }, elsewhere)).rejects.toMatchObject({
    code: 'upstream.refused',
    detail: expect.stringContaining('NoSuchBucket'),
  });
  // An address that nobody of the administrators set is one of the flow's: private ones are not reached.
  await expect(run({ key: 'a', file: 'file_a' }, credential({ baseUrl: null }))).rejects.toMatchObject({ code: 'egress.blocked' });
  await expect(run({ key: 'a', file: 'file_none' })).rejects.toMatchObject({ code: 'file.missing' });
});
