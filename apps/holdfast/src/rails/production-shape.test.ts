import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkout } from '../settings.ts';

const read = (path: string): string => readFileSync(join(checkout, path), 'utf8');
const service = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()), retries: z.number() }),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  restart: z.literal('unless-stopped'),
});
const compose = z.object({ services: z.record(z.string(), service) }).parse(parse(read('docker-compose.yml'), { merge: true }));
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  test('has PostgreSQL, Temporal, its UI, a server and workers, each with a health check', () => {
    expect(Object.keys(compose.services)).toEqual(['postgres', 'temporal', 'temporal-ui', 'server', 'worker']);
  });

  test('opens ports on this machine only', () => {
    for (const [, { ports }] of services) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(compose.services['worker']?.ports).toEqual([]);
  });

  test('refuses to start without each password: none has a default', () => {
    const secrets = services.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD|SECRET|DATABASE_URL/.test(name) && !name.startsWith('HOLDFAST_OWNER')),
    );
    expect(secrets.length).toBeGreaterThanOrEqual(7);
    for (const [name, value] of secrets) expect(value, name).toMatch(/\$\{[A-Z_]+:\?[^}]+\}/);
  });

  test('waits for what each part needs to be healthy', () => {
    expect(compose.services['worker']?.depends_on).toMatchObject({
      postgres: { condition: 'service_healthy' },
      temporal: { condition: 'service_healthy' },
    });
    expect(compose.services['temporal']?.depends_on).toMatchObject({ postgres: { condition: 'service_healthy' } });
  });

  test('runs the images of one exact version', () => {
    for (const [name, { image }] of services) expect(image, name).toMatch(/:(?!latest$)[\w.-]+$/);
  });
});

test('.env.example names every variable without a default and holds no usable secret', () => {
  const example = read('.env.example');
  const required = new Set([...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+):\?/g)].map((match) => match[1] ?? ''));
  expect(required.size).toBe(4);
  for (const name of required) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  expect(example).toMatch(/^HOLDFAST_OWNER_PASSWORD=$/m);
});

test('the agent has an image of its own: an ordinary user, no port, its journal in a volume, and each of our packages that it needs', () => {
  const dockerfile = read('apps/agent/Dockerfile');
  expect(dockerfile).toMatch(/^USER agent$/m);
  expect(dockerfile).toMatch(/^VOLUME \/data$/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  expect(dockerfile).not.toMatch(/^EXPOSE /m);
  const needs = (path: string, seen = new Set<string>()): Set<string> => {
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()).default({}) })
      .parse(JSON.parse(read(`${path}/package.json`)));
    for (const name of Object.keys(dependencies).filter((each) => each.startsWith('@holdfast/') && !seen.has(each)))
      needs(`packages/${name.slice('@holdfast/'.length)}`, seen.add(name));
    return seen;
  };
  const copied = [...dockerfile.matchAll(/^COPY --from=source \/app\/packages\/([\w-]+) /gm)].map((match) => `@holdfast/${match[1]}`);
  expect(copied.toSorted()).toEqual([...needs('apps/agent')].toSorted());
  const agent = z.object({
    services: z.object({ agent: z.object({ image: z.string(), read_only: z.literal(true), ports: z.never().optional() }) }),
  });
  agent.parse(parse(read('deploy/agent/docker-compose.yml')));
});

test('the image runs as an ordinary user, with a health check, and takes no local secrets along', () => {
  const dockerfile = read('Dockerfile');
  expect(dockerfile).toMatch(/^USER (?!root)/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.env', '.holdfast', '**/node_modules', '.git']));
});
