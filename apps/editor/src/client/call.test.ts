import { createServer, type Server } from 'node:http';
import { endpoints } from '@holdfast/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { call } from './call.ts';
import { z } from 'zod';

let server: Server;
let base = '';
const seen: { method: string; url: string; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', body });
      const isRefused = request.url?.endsWith('/refused');
      response.writeHead(isRefused ? 409 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          isRefused ? { code: 'resource.conflict', title: 'T', detail: 'D', requestId: 'r', status: 409 } : { ok: true, surplus: 1 },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
});
afterAll(() => new Promise((resolve) => void server.close(resolve)));

const at = <P extends string>(path: P) => ({ path: `${base}${path}` as `/api/${P}` }); // an absolute address stands in for the page's origin

test('sends what the contract says and parses the answer', async () => {
  const answer = await call({ ...endpoints.deleteFlow, ...at('/api/flows/:id') }, { params: { id: 'flow_1' } });
  expect(answer).toEqual({ ok: true });
  expect(seen.at(-1)).toEqual({ method: 'DELETE', url: '/api/flows/flow_1', body: '' });
});

test('a refusal is an error with the problem', async () => {
  const refused = call({ ...endpoints.deleteFlow, ...at('/api/flows/:id') }, { params: { id: 'refused' } });
  await expect(refused).rejects.toSatisfy((error) => error instanceof ApiError && error.code === 'resource.conflict');
});

test('an answer that does not fit the contract is not shown as if it did', async () => {
  await expect(call({ ...endpoints.listFlows, ...at('/api/flows') }, {})).rejects.toThrow(/items/);
});

test('no answer at all is named as that', async () => {
  const nobody = call({ ...endpoints.listFlows, path: 'http://127.0.0.1:9/api/flows' as '/api/flows' }, {}); // port 9 answers nobody
  await expect(nobody).rejects.toSatisfy((error) => error instanceof ApiError && error.code === 'network.unreachable');
});
