import { HoldfastError, type ErrorCode } from '@holdfast/errors';
import {
  failurePlanOf,
  portsOf,
  type CallToKeep,
  type EffectDefinition,
  type EgressRequest,
  type EgressResponse,
} from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { describe, expect, test } from 'vitest';
import { apiCall } from './node.ts';
import { runApiCall } from './run.ts';

const answer = (body: string, more: Partial<EgressResponse> = {}): EgressResponse => ({
  status: 200,
  headers: {},
  body,
  durationMs: 5,
  ...more,
});
const all = { url: 'https://one.test/a', secondUrl: 'https://two.test/a', staleFor: '1d', standIn: '{"stock": 0}' };

/** Runs the step while these things fail, each with its code. */
async function call(
  given: object,
  broken: { one?: ErrorCode; two?: ErrorCode; kept?: ErrorCode },
  { isLastAttempt = true }: { isLastAttempt?: boolean } = {},
) {
  const requests: EgressRequest[] = [];
  const request = async (asked: EgressRequest): Promise<EgressResponse> => {
    requests.push(asked);
    const place = asked.cache?.use === 'stale' ? 'kept' : asked.url.includes('two') ? 'two' : 'one';
    const code = broken[place];
    if (code) throw new HoldfastError(code, { detail: `${place} failed` });
    return answer(place, place === 'kept' ? { cached: { ageMs: 60_000, isStale: true } } : {});
  };
  const { context, log } = effectContext({ egress: { request }, isLastAttempt });
  const config = JSON.parse(JSON.stringify(apiCall.config.parse({ ...all, ...given })));
  const outcome = await runApiCall.run({ config, context }).catch((error: unknown) => error);
  return { requests, outcome, notes: log.notes };
}

describe('when a call comes to nothing', () => {
  test('the second address is called, once and as another call of the step', async () => {
    const { requests, outcome, notes } = await call({}, { one: 'upstream.broken' });
    expect(outcome).toMatchObject({ port: 'ok', output: { body: 'two', fallback: 'second' } });
    expect(requests.map(({ url, part, hasFallback }) => [url, part, hasFallback])).toEqual([
      ['https://one.test/a', undefined, true],
      ['https://two.test/a', 'second', true],
    ]);
    expect(requests[1]).not.toHaveProperty('cache');
    expect(notes).toMatchObject({ fallback: 'second', problem: { code: 'upstream.broken' } });
  });

  test('then the last answer stands in, with its age', async () => {
    const { outcome, notes } = await call({}, { one: 'upstream.timeout', two: 'upstream.unreachable' });
    expect(outcome).toMatchObject({ port: 'ok', output: { body: 'kept', fallback: 'stale' } });
    expect(notes).toMatchObject({ cached: { ageMs: 60_000, isStale: true } });
  });

  test('then the answer that staff wrote', async () => {
    const { outcome } = await call({}, { one: 'upstream.broken', two: 'upstream.broken', kept: 'upstream.down' });
    expect(outcome).toEqual({ port: 'ok', output: { status: 200, body: { stock: 0 }, headers: {}, fallback: 'default' } });
  });

  test('and without any of these the step fails with what the service itself did', async () => {
    const { outcome } = await call({ standIn: '' }, { one: 'upstream.broken', two: 'upstream.timeout', kept: 'upstream.down' });
    expect(outcome).toMatchObject({ code: 'upstream.broken', detail: 'one failed' });
  });
});

describe('nothing stands in', () => {
  test('while attempts are left, unless the service is known to be down', async () => {
    const early = { isLastAttempt: false };
    expect((await call({}, { one: 'upstream.broken' }, early)).outcome).toMatchObject({ code: 'upstream.broken' });
    expect((await call({}, { one: 'upstream.down' }, early)).outcome).toMatchObject({ output: { fallback: 'second' } });
  });

  test.each(['upstream.ambiguous', 'egress.blocked', 'upstream.too-large', 'credential.host'] as const)('after %s', async (code) => {
    const { requests, outcome } = await call({}, { one: code });
    expect(outcome).toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  test('for a second call that may have been carried out', async () => {
    const given = { method: 'POST', staleFor: undefined };
    expect((await call(given, { one: 'upstream.unreachable', two: 'upstream.ambiguous' })).outcome).toMatchObject({
      code: 'upstream.ambiguous',
    });
  });
});

describe('an answer is kept', () => {
  test('only where the step says so', async () => {
    expect((await call({ staleFor: undefined }, {})).requests[0]).not.toHaveProperty('cache');
    expect((await call({ keepFor: '5m', keptUnder: ' sku-1 ' }, {})).requests[0]?.cache).toEqual({
      forMs: 300_000,
      staleForMs: 86_400_000,
      key: 'sku-1',
    });
  });

  test('of a POST when it only reads, which may then be repeated', async () => {
    expect((await call({ method: 'POST' }, {})).requests[0]?.isIdempotent).toBe(false);
    expect((await call({ method: 'POST', onlyReads: true }, {})).requests[0]?.isIdempotent).toBe(true);
  });
});

test('steps from before the setting keep their own numbers, and new ones begin with a preset', () => {
  const { retry } = apiCall;
  const policy = (given: object) => (typeof retry === 'function' ? retry(apiCall.config.parse({ url: 'https://x', ...given })) : retry);
  expect(policy({ attempts: 3, firstDelay: '2s' })).toEqual({ maxAttempts: 3, firstDelay: '2s', factor: 2, maxDelay: '1m' });
  expect(policy({ tries: 'steady', attempts: 3 }).maxAttempts).toBe(6);
});

describe('a call whose answer is not needed', () => {
  const keeping = { method: 'POST', secondUrl: '', staleFor: undefined, standIn: '', keepCall: true, idempotencyHeader: 'Idempotency-Key' };
  const callAndKeep = async (given: object, code: ErrorCode | null, isLastAttempt = true, isAhead = false) => {
    const asked: CallToKeep[] = [];
    const { context, log } = effectContext({
      isLastAttempt,
      egress: {
        request: async () => {
          if (code) throw new HoldfastError(code, { detail: 'one failed' });
          return answer('one');
        },
      },
      keepCall: async (call) => {
        asked.push(call);
        return call.onlyBehind === true && !isAhead ? null : { id: 'kept_1' };
      },
    });
    const config = JSON.parse(JSON.stringify(apiCall.config.parse({ url: 'https://one.test/a', ...keeping, ...given })));
    return { outcome: await runApiCall.run({ config, context }).catch((error: unknown) => error), asked, notes: log.notes };
  };
  const kept = { port: 'kept', output: { status: 202, body: { kept: 'kept_1' }, headers: {}, fallback: 'keep' } };

  test('is kept, with its key, once its attempts are used up or its service is known to be down', async () => {
    const { outcome, asked, notes } = await callAndKeep({}, 'upstream.broken');
    expect(outcome).toEqual(kept);
    expect(asked).toMatchObject([{ request: { method: 'POST', headers: { 'Idempotency-Key': 'step_1:' } }, orderKey: '' }]);
    expect(notes).toMatchObject({ fallback: 'keep', problem: { code: 'upstream.broken' } });
    expect((await callAndKeep({}, 'upstream.down', false)).outcome).toEqual(kept);
    expect((await callAndKeep({}, 'upstream.broken', false)).outcome).toMatchObject({ code: 'upstream.broken' });
  });

  test('is not kept when it may have been carried out, or only reads', async () => {
    expect((await callAndKeep({}, 'upstream.ambiguous')).asked).toEqual([]);
    expect((await callAndKeep({ method: 'GET' }, 'upstream.broken')).asked).toEqual([]);
  });

  test('goes behind those of its order key that are kept, without being tried', async () => {
    const { outcome, asked } = await callAndKeep({ orderKey: 'customer 7' }, null, false, true);
    expect(outcome).toEqual(kept);
    expect(asked).toMatchObject([{ orderKey: 'customer 7', onlyBehind: true }]);
    expect((await callAndKeep({ orderKey: 'customer 7' }, null)).outcome).toMatchObject({ port: 'ok' });
  });

  test('has an exit of its own, and the plan says so', () => {
    const config = JSON.parse(JSON.stringify(apiCall.config.parse({ url: 'https://one.test/a', ...keeping })));
    const definition = apiCall as unknown as EffectDefinition; // as: its config is parsed by its own schema
    expect(Object.keys(portsOf(definition, config))).toEqual(['ok', 'refused', 'kept', 'failed']);
    expect(failurePlanOf(definition, config)?.fallbacks).toEqual([{ kind: 'keep' }]);
  });
});
