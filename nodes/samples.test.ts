import { renderConfig } from '@holdfast/graph';
import {
  jsonObject,
  portsOf,
  type NodeDefinition,
  type PureDefinition,
  type Sample,
  type TriggerDefinition,
  type WaitDefinition,
} from '@holdfast/node-kit';
import { effectContext, scopeWith } from '@holdfast/test-kit/effects';
import { describe, expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { runners } from './runners.ts';

// Every sample of every node, run as its kind is run. Those with a `world` need sockets: samples.integration.test.ts.

type Left = { port: string; output?: unknown };

function runPure(definition: PureDefinition, sample: Sample): Left {
  const scope = scopeWith(sample.input);
  return definition.evaluate({ config: renderConfig(definition, sample.config, scope), scope });
}

function runWait(definition: WaitDefinition, sample: Sample): Left {
  const scope = scopeWith(sample.input);
  const config = renderConfig(definition, sample.config, scope);
  const plan = definition.plan({ config, scope, visit: sample.visit ?? 1, now: '2026-11-23T10:00:00.000Z', random: 0 });
  if ('leave' in plan) return plan.leave;
  if (!sample.event || sample.event.kind === 'timeout') return { port: plan.timeoutPort };
  const left = definition.resolve({ config, scope, event: sample.event, tries: 1 });
  return left && 'port' in left ? left : { port: '(keeps waiting)' };
}

/** A channel trigger must match its own sample; which port is taken is the ingest's to say: text goes by `message`. */
function runTrigger(definition: TriggerDefinition, sample: Sample): Left {
  if (definition.source !== 'channel') return { port: Object.keys(portsOf(definition, sample.config))[0] ?? '' };
  const config = jsonObject.parse(definition.config.parse(sample.config));
  const written = sample.input?.trigger?.['text'];
  const text = typeof written === 'string' ? written : '';
  const messages = [{ id: 'm1', text, attachments: [], receivedAt: '2026-11-23T10:00:00.000Z' }];
  const match = definition.match?.(config, { channelId: 'chan_1', channelKind: 'simulator', isGroup: false, messages });
  return { port: typeof match !== 'number' ? '(no match)' : text === '' ? 'media' : 'message' };
}

async function runEffect(definition: NodeDefinition, sample: Sample): Promise<Left> {
  const scope = scopeWith(sample.input);
  const { context } = effectContext({
    scope,
    deliver: {
      send: async () => ({ state: 'accepted', messageId: 'msg_1' }),
      start: async () => ({ state: 'accepted', messageId: 'msg_1', conversation: 'conv_1', contact: 'cont_1' }),
    },
    database: { query: async () => sample.database ?? { rows: [], rowCount: 0, isTruncated: false, refusal: null } },
    llm: {
      complete: async (request) => ({
        text: sample.model?.text ?? '',
        provider: request.provider,
        model: request.model,
        inputTokens: 1,
        outputTokens: 1,
        costMicroUsd: 0,
        latencyMs: 1,
      }),
    },
  });
  const runner = runners[definition.type];
  if (!runner) throw new Error(`${definition.type} is an effect without a line in runners.ts.`);
  return runner.run({ config: renderConfig(definition, sample.config, scope), context });
}

async function run(definition: NodeDefinition, sample: Sample): Promise<Left> {
  switch (definition.kind) {
    case 'pure':
      return runPure(definition, sample);
    case 'wait':
      return runWait(definition, sample);
    case 'trigger':
      return runTrigger(definition, sample);
    case 'effect':
      return runEffect(definition, sample);
  }
}

describe.each(Object.values(catalog).map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  const samples = definition.samples.filter((sample) => !sample.world).map((sample) => [sample.name, sample] as const);

  test('has samples', () => {
    expect(definition.samples.length).toBeGreaterThan(0);
  });

  if (samples.length === 0) return;
  test.each(samples)('%s', async (_name, sample) => {
    const left = await run(definition, sample);
    expect(left).toMatchObject(sample.expect);
    expect(left.output == null ? undefined : definition.output?.safeParse(left.output).error).toBeUndefined();
  });

  test.each(samples)('%s: its exit exists', (_name, sample) => {
    const config = jsonObject.parse(definition.config.parse(sample.config));
    expect([...Object.keys(portsOf(definition, config)), ...(type === 'end' ? ['end'] : [])]).toContain(sample.expect.port);
  });
});

test('every effect has a runner and every runner a node', () => {
  const effects = Object.values(catalog).filter((definition) => definition.kind === 'effect');
  expect(new Set(Object.keys(runners))).toEqual(new Set(effects.map((definition) => definition.type)));
});
