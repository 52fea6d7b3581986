import { defineWait, duration, type JsonObject, type Ports, type Scope } from '@holdfast/node-kit';
import { z } from 'zod';
import { shortText } from '../fields/short-text.ts';

const config = z.strictObject({
  message: z
    .string()
    .max(20_000)
    .default('One moment, please. A colleague will answer you here.')
    .meta({ title: 'Message to the customer', description: 'Empty: nothing is sent.', template: true, editor: 'prompt' }),
  reason: z
    .string()
    .min(1, 'Write why a person is needed')
    .max(2_000)
    .default('The customer needs a person')
    .meta({ title: 'Reason, for your team', template: true }),
  timeout: duration
    .optional()
    .meta({ title: 'Waits for your team at most', description: 'Empty: as long as it takes.', widget: 'duration', advanced: true }),
});

// A draft may be half typed, and ports must be drawn all the same.
const drawable = z.object({ timeout: z.string().min(1).optional().catch(undefined) });

const ports = (given: z.infer<typeof config>): Ports => ({
  returned: { label: 'Given back to the bot' },
  closed: { label: 'Closed by a person' },
  ...(drawable.parse(given).timeout === undefined ? {} : { expired: { label: 'Nobody in time', unhappy: true } }),
});

/** A person reads this at a glance; what is longer stands in the run. */
const longestFact = 2_000;

/** What is known beside the conversation. */
const details = (scope: Scope): JsonObject => ({
  question: typeof scope.trigger['text'] === 'string' ? scope.trigger['text'] : null,
  known: Object.fromEntries(Object.entries(scope.nodes).filter(([, output]) => JSON.stringify(output).length <= longestFact)),
});

export const humanHandoff = defineWait({
  type: 'human-handoff',
  typeVersion: 1,
  title: 'Hand to a person',
  summary: 'Opens a handoff in the inbox and waits until a person gives the conversation back or closes it.',
  icon: 'headset',
  category: 'people',
  keywords: ['agent', 'human', 'handoff', 'inbox', 'escalate', 'support', 'person', 'persona', 'agente', 'derivar'],
  boundsCycles: true,
  config,
  ports,
  output: z.object({ by: z.string(), note: z.string() }),
  describe: (given) => shortText(given.reason),
  plan: ({ config: given, scope }) => ({
    waitFor: 'handoff',
    ...(given.message.trim() === '' ? {} : { say: { text: given.message, buttons: [], attachments: [] } }),
    timeout: given.timeout ?? null,
    timeoutPort: 'expired',
    reason: given.reason,
    details: details(scope),
  }),
  resolve: ({ event }) => (event.kind === 'handoff' ? { port: event.outcome, output: { by: event.by, note: event.note ?? '' } } : null),
  samples: [
    {
      name: 'goes on when a person gives the conversation back',
      config: {},
      event: { kind: 'handoff', outcome: 'returned', by: 'Ana' },
      expect: { port: 'returned', output: { by: 'Ana', note: '' } },
    },
    {
      name: 'ends when a person closes it',
      config: {},
      event: { kind: 'handoff', outcome: 'closed', by: 'Ana', note: 'solved by phone' },
      expect: { port: 'closed', output: { by: 'Ana', note: 'solved by phone' } },
    },
    { name: 'expires when nobody comes in time', config: { timeout: '2h' }, event: { kind: 'timeout' }, expect: { port: 'expired' } },
  ],
});
