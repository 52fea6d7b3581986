import { createEgress } from '@holdfast/egress';
import { renderConfig } from '@holdfast/graph';
import type { Sample } from '@holdfast/node-kit';
import { effectContext, scopeWith } from '@holdfast/test-kit/effects';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { runners } from './runners.ts';

// The samples that name a `world`, over real sockets: each foreign host is this service on loopback.
let service: HttpService;
let egress: ReturnType<typeof createEgress>;
beforeAll(async () => {
  service = await startHttpService();
  egress = createEgress({ allow: `${service.host}:${service.port}`, limits: { connectMs: 60_000 } });
});
afterAll(async () => {
  await egress.close();
  await service.close();
});

const home = (url: string): string => {
  // An address without a host belongs to the credential's own.
  const { pathname, search } = new URL(url, 'https://system.test');
  return `${service.url}${pathname}${search}`;
};

function build(sample: Sample): void {
  for (const { request, status, body, headers } of sample.world ?? []) {
    const [method, url] = request.split(' ');
    service.on(`${method} ${new URL(url ?? '').pathname}`, {
      status,
      body: typeof body === 'object' && body !== null ? body : String(body ?? ''),
      ...(headers ? { headers } : {}),
    });
  }
}

const worldly = Object.values(catalog).flatMap((definition) =>
  definition.samples.filter((sample) => sample.world).map((sample) => [definition.type, sample.name, definition, sample] as const),
);

test.each(worldly)('%s %s', async (type, _name, definition, sample) => {
  build(sample);
  const scope = scopeWith(sample.input);
  const { context } = effectContext({ scope, egress: { request: async (call) => egress.request({ ...call, url: home(call.url) }) } });
  const left = await runners[type]?.run({ config: renderConfig(definition, sample.config, scope), context });
  expect(left).toMatchObject(sample.expect);
});
