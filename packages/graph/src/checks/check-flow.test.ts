import { defineEffect, definePure, type Catalog, type CheckWorld, type JsonObject } from '@holdfast/node-kit';
import { flowFromText, randomFlow, testCatalog } from '@holdfast/test-kit/flows';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { conditionGroup } from '../conditions.ts';
import type { Finding } from '../finding.ts';
import type { FlowFile } from '../flow-file.ts';
import { checkFlow } from './check-flow.ts';

const looks = { typeVersion: 1, summary: 'For tests.', icon: 'flask', samples: [] } as const;
const shop = defineEffect({
  ...looks,
  type: 'shop',
  title: 'Ask the shop',
  category: 'act',
  config: z.strictObject({
    url: z.string().min(1, 'Enter the address to call').meta({ title: 'Address', template: true }),
    text: z.string().optional().meta({ title: 'Text', template: true }),
    when: conditionGroup.optional(),
    count: z.number().int().optional().meta({ title: 'How many' }),
    credential: z.string().optional(),
  }),
  ports: { ok: { label: 'Answered', mandatory: true }, failed: { label: 'Gave up' } },
  output: z.object({
    status: z.number(),
    body: z.json(),
    headers: z.record(z.string(), z.string()),
    items: z.array(z.object({ sku: z.string() })),
  }),
  retry: { maxAttempts: 1, firstDelay: '1s', factor: 1, maxDelay: '1s' },
  timeout: '1s',
  check: (config, world) => [
    ...(config.credential !== undefined && !world.credentials.some(({ id }) => id === config.credential)
      ? [{ field: 'credential', severity: 'error' as const, reason: 'The credential is gone.', fix: 'Choose another.' }]
      : []),
    ...(config.count === 0
      ? [{ field: 'count', severity: 'warning' as const, reason: 'Nothing will be asked.', fix: 'Ask for more.' }]
      : []),
  ],
});
const branchy = definePure({
  ...looks,
  type: 'branchy',
  title: 'Branchy',
  category: 'decide',
  config: z.strictObject({ ways: z.array(z.string()) }),
  ports: (config) => Object.fromEntries(config.ways.map((way) => [way, { label: way }])),
  evaluate: () => ({ port: 'x', output: null }),
});
const catalog = { ...testCatalog, shop, branchy } as unknown as Catalog; // the catalog forgets each config's type
const world: CheckWorld = { credentials: [{ id: 'cred_1', name: 'Shop', kind: 'http' }], channels: [], variables: ['hours'] };

interface Drawing {
  configs?: Record<string, JsonObject>;
  world?: CheckWorld | undefined;
}
const url = 'https://shop.test';
const check = (text: string, { configs = {}, ...rest }: Drawing = {}): Finding[] => {
  const file = flowFromText(text, { configs: { lookup: { url }, ...configs }, names: { lookup: 'Look it up', a: 'Which?' } });
  return checkFlow(file, catalog, 'world' in rest ? rest.world : world);
};
const codes = (findings: Finding[]): string[] =>
  findings.map(({ code, severity, node, field }) => [severity, code, node, field].filter(Boolean).join(' '));
/** A flow in which only one text is of interest. */
const reads = (text: string, flow = 'start:begin.out -> first:shop.ok -> lookup:shop.ok -> end:stop'): string[] =>
  check(flow, { configs: { first: { url }, lookup: { url, text } } }).flatMap(({ code, severity, reason }) =>
    code.startsWith('template') ? [`${severity}: ${reason}`] : [],
  );

describe('a flow without problems', () => {
  test('has no findings', () => {
    expect(
      check('start:begin.out -> lookup:shop.ok -> end:stop', {
        configs: { lookup: { url: 'https://shop.test/{{ trigger.order }}', credential: 'cred_1' } },
      }),
    ).toEqual([]);
  });
});

describe('the way through a flow', () => {
  test('must start somewhere', () => {
    expect(codes(check('a:choose.left -> end:stop'))).toEqual([
      'error trigger.missing',
      'warning node.unreachable a',
      'warning node.unreachable end',
    ]);
  });

  test('leads to every step', () => {
    expect(codes(check('start:begin.out -> a:choose.left -> end:stop\nlost:choose.left -> end'))).toEqual([
      'warning node.unreachable lost',
    ]);
  });

  test('goes on after every step that has exits, as a warning', () => {
    expect(check('start:begin.out -> a:choose')).toMatchObject([
      { code: 'node.dead-end', severity: 'warning', node: 'a', reason: 'Nothing comes after "Which?": the run ends there.' },
    ]);
  });

  test('goes on after mandatory exits', () => {
    expect(check('start:begin.out -> lookup:shop.failed -> end:stop')).toMatchObject([
      {
        code: 'port.unconnected',
        severity: 'error',
        node: 'lookup',
        reason: '"Look it up" says nothing about what happens next at "Answered".',
        fix: 'Connect "Answered" to a step.',
      },
    ]);
  });

  test('never goes round for ever', () => {
    expect(check('start:begin.out -> a:choose.left -> b:choose.left -> a\nb.right -> end:stop')).toMatchObject([
      { code: 'cycle.unbounded', severity: 'error', node: 'a', reason: '"Which?", "b" go round in a circle, and nothing stops it.' },
    ]);
    expect(check('start:begin.out -> a:choose.left -> a\na.right -> end:stop')).toMatchObject([
      { code: 'cycle.unbounded', reason: '"Which?" leads back to itself, and nothing stops it.' },
    ]);
  });

  test('may go round through a step that bounds it, but not through another circle beside it', () => {
    expect(check('start:begin.out -> a:choose.left -> wait:pause.answered -> a\nwait.expired -> end:stop')).toEqual([]);
    expect(
      codes(check('start:begin.out -> a:choose.left -> wait:pause.answered -> a\nwait.expired -> end:stop\na.right -> b:choose.left -> a')),
    ).toEqual(['error cycle.unbounded a']);
  });
});

describe('connections', () => {
  const draw = (change: (file: FlowFile) => void): string[] => {
    const file = structuredClone(flowFromText('start:begin.out -> a:choose.left -> end:stop'));
    change(file);
    return codes(checkFlow(file, catalog, world)).filter((code) => code.includes('edge') || code.includes('shape'));
  };
  test('lead from an exit to a step that is there, not into a trigger, and once', () => {
    expect(draw((file) => (file.edges[1]!.to.node = 'gone'))).toEqual(['error edge.unknown-node a']);
    expect(draw((file) => (file.edges[1]!.from.node = 'gone'))).toEqual(['error edge.unknown-node']);
    expect(draw((file) => (file.edges[1]!.from.port = 'up'))).toEqual(['error edge.unknown-port a']);
    expect(draw((file) => (file.edges[1]!.from.port = 'constructor'))).toEqual(['error edge.unknown-port a']);
    expect(draw((file) => (file.edges[1]!.to.node = 'start'))).toEqual(['error edge.into-trigger a']);
    expect(draw((file) => file.edges.push({ ...file.edges[1]!, id: 'twice' }))).toEqual(['error edge.duplicate a']);
  });

  test('from exits that a half-typed config does not tell yet are left in peace', () => {
    expect(codes(check('start:begin.out -> b:branchy.left -> end:stop'))).toEqual(['error node.config b ways']);
    expect(codes(check('start:begin.out -> b:branchy.left -> end:stop', { configs: { b: { ways: ['right'] } } }))).toEqual([
      'error edge.unknown-port b',
    ]);
  });

  test('are at most fifty from one exit', () => {
    const many = Array.from({ length: 51 }, (_, index) => `n${index}:stop`).join(', ');
    expect(codes(check(`start:begin.out -> ${many}`))).toEqual(['error file.shape start']);
  });
});

describe('settings', () => {
  const flow = 'start:begin.out -> lookup:shop.ok -> end:stop';
  test('that are missing or wrong are told by their name and the step’s', () => {
    expect(check(flow, { configs: { lookup: {} } })).toMatchObject([
      { code: 'node.config', node: 'lookup', field: 'url', reason: '"Look it up" needs "Address".' },
    ]);
    expect(check(flow, { configs: { lookup: { url: '' } } })).toMatchObject([
      { reason: '"Look it up": Enter the address to call.', fix: 'Open the step and correct "Address".' },
    ]);
    expect(check(flow, { configs: { lookup: { url, count: 'x' } } })).toMatchObject([
      { field: 'count', reason: '"Look it up": "How many" does not fit.' },
    ]);
    expect(check(flow, { configs: { lookup: { url, colour: 'red' } } })).toMatchObject([
      { field: 'colour', reason: '"Look it up" has no setting "colour".' },
    ]);
  });

  test('are looked at by the step’s own checks, in this workspace or in one that has everything', () => {
    expect(codes(check(flow, { configs: { lookup: { url, credential: 'cred_2', count: 0 } } }))).toEqual([
      'error node.config lookup credential',
      'warning node.advice lookup count',
    ]);
    expect(check(flow, { configs: { lookup: { url, credential: 'cred_2' } }, world: undefined })).toEqual([]);
  });

  test('of a kind of step that nobody knows can’t be looked at', () => {
    const file = flowFromText('start:begin.out -> x:teleport');
    expect(codes(checkFlow(file, catalog))).toEqual(['error node.unknown-type x']);
  });
});

describe('a value in a text', () => {
  test('is found when it exists', () => {
    expect(
      reads(
        '{{ trigger.anything.at.all }} {{ nodes.first.status }} {{ nodes.first.body.deep.x }} {{ nodes.first.items[0].sku }} {{ nodes.first.items | size }}',
      ),
    ).toEqual([]);
    expect(reads('{{ contact.name }} {{ contact.attributes.city }} {{ conversation.history }} {{ run.id }} {{ variables.hours }}')).toEqual(
      [],
    );
  });

  test.each([
    ['{{ oops', /^error: "Look it up": The text “{{ oops” can’t be filled in/],
    ['{{ x | nonsense }}', /undefined filter: nonsense/],
    ['{{ foo.bar }}', /^error: "Look it up" uses "foo.bar", which does not exist.$/],
    ['{{ contact.email }}', /^error: .* uses "contact.email", which does not exist.$/],
    ['{{ variables.secret }}', /^error: .* uses the variable "secret", which does not exist.$/],
    ['{{ nodes.gone.body }}', /^error: .* uses a value of a step "gone", which the flow does not have.$/],
    ['{{ nodes.end.x }}', /^warning: .* uses a value of "end", which does not come before it.$/],
    ['{{ nodes.first.nope }}', /^warning: .* uses "nope" of "first", which that step does not bring.$/],
    ['{{ nodes.first.status.code }}', /^warning: .* uses "status.code" of "first"/],
    ['{{ nodes.first.items[0].colour }}', /^warning: .* uses "items.0.colour" of "first"/],
  ])('is told when it does not: %s', (text, told) => {
    expect(reads(text)).toEqual([expect.stringMatching(told)]);
  });

  test('is warned about when its step may not have run, unless the text says what to do then', () => {
    const flow = 'start:begin.out -> a:choose.left -> first:shop.ok -> lookup:shop.ok -> end:stop\na.right -> lookup';
    expect(reads('{{ nodes.first.status }}', flow)).toEqual([
      'warning: "Look it up" uses a value of "first", which may not have run by then.',
    ]);
    expect(reads('{{ nodes.first.status | default: "-" }}{% if nodes.first %}{{ nodes.first.status }}{% endif %}', flow)).toEqual([]);
    expect(reads('{{ nodes.a.left }}', flow)).toEqual([]);
  });

  test('is there after a join that waited for its branch', () => {
    const flow = 'start:begin.out -> first:shop.ok -> both:meet.out -> lookup:shop.ok -> end:stop\nstart.out -> b:choose.left -> both';
    expect(reads('{{ nodes.first.status }}', flow)).toEqual([]);
  });

  test('is there in a loop from the second round on, so it is warned about', () => {
    const flow = 'start:begin.out -> lookup:shop.ok -> first:shop.ok -> lookup\nfirst.failed -> end:stop';
    expect(reads('{{ nodes.first.status }}', flow)).toEqual([
      'warning: "Look it up" uses a value of "first", which may not have run by then.',
    ]);
  });

  test('is looked for in conditions as well, by form and in CEL', () => {
    const flow = 'start:begin.out -> lookup:shop.ok -> end:stop';
    const told = (when: JsonObject): string[] =>
      check(flow, { configs: { lookup: { url, when } } }).map(({ field, reason }) => `${field}: ${reason}`);
    expect(told({ all: [{ field: 'trigger.total', operator: 'greater', value: '{{ variables.hours }}' }] })).toEqual([]);
    expect(told({ any: [{ field: 'nodes.gone.x', operator: 'is', value: '{{ variables.none }}' }] })).toEqual([
      'when.any.0.field: "Look it up" uses a value of a step "gone", which the flow does not have.',
      'when.any.0.value: "Look it up" uses the variable "none", which does not exist.',
    ]);
    expect(told({ cel: 'contact.email == "x" && trigger.list.exists(x, x == nodes.gone.y)' })).toEqual([
      'when.cel: "Look it up" uses "contact.email", which does not exist.',
      'when.cel: "Look it up" uses a value of a step "gone", which the flow does not have.',
    ]);
    expect(told({ cel: '1 +' })[0]).toMatch(/^when.cel: "Look it up": /);
  });
});

test('any drawing is checked without a stumble, and every finding says what to do', () => {
  fc.assert(
    fc.property(randomFlow({ maxNodes: 15 }), (file) => {
      for (const finding of checkFlow(file, testCatalog))
        expect([finding.reason, finding.fix].every((text) => /\S.*\.$/.test(text))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
