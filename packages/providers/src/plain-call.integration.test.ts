import type { Pool } from '@holdfast/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { providerWorld, type ProviderWorld } from './test/provider-world.ts';

let world: ProviderWorld;
beforeAll(async () => {
  world = await providerWorld();
});
afterAll(() => world.close());

/** The same pool, whose statements can be held back and are counted. */
function watched(pool: Pool) {
  let statements = 0;
  let gate: Promise<void> = Promise.resolve();
  const query = async (...given: Parameters<Pool['query']>) => {
    statements += 1;
    await gate;
    return pool.query(...given);
  };
  return {
    pool: new Proxy(pool, { get: (target, name, receiver) => (name === 'query' ? query : Reflect.get(target, name, receiver)) }),
    statements: () => statements,
    /** From now on no statement is answered. */
    hold: (): (() => void) => {
      let release = (): void => undefined;
      gate = new Promise((resolve) => (release = resolve));
      return release;
    },
  };
}

test('a call to a service without limits waits for no statement, and many at once read how providers stand together', async () => {
  const { pool, statements, hold } = watched(world.pool);
  const providers = world.newProviders({ pool, copyIsFreshMs: 3_600_000 });
  world.service.on('/orders', { body: { ok: true } });
  await Promise.all(Array.from({ length: 50 }, () => world.call(providers)));
  expect(statements()).toBe(1);
  const release = hold();
  for (let calls = 0; calls < 20; calls += 1) expect((await world.call(providers)).status).toBe(200);
  release();
});
