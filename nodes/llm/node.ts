import { defineEffect, duration, parseDuration, formatDuration } from '@holdfast/node-kit';
import { z } from 'zod';
import { shortText } from '../fields/short-text.ts';
import { samples } from './samples.ts';
import { readSchema } from './schema-text.ts';

export const rung = z.strictObject({
  provider: z
    .enum(['groq', 'claude', 'openai-compatible'])
    .default('groq')
    .meta({ title: 'Provider', options: { groq: 'Groq', claude: 'Claude', 'openai-compatible': 'OpenAI-compatible server' } }),
  model: z
    .string('Enter the name of the model')
    .min(1, 'Enter the name of the model')
    .max(120)
    .meta({ title: 'Model', placeholder: 'openai/gpt-oss-120b' }),
  credential: z.string().optional().meta({ title: 'Key', description: 'Empty: the first key of this provider.', widget: 'credential' }),
  timeout: duration.default('15s').meta({ title: 'Gives up after', widget: 'duration' }),
});
export type Rung = z.infer<typeof rung>;

const defaultRungs: Rung[] = [
  { provider: 'groq', model: 'openai/gpt-oss-120b', timeout: '15s' },
  { provider: 'claude', model: 'claude-haiku-5-5', timeout: '20s' },
];

const config = z.strictObject({
  question: z
    .string()
    .min(1, 'Choose what to answer')
    .max(20_000)
    .default('{{ trigger.text }}')
    .meta({ title: 'What to answer', template: true, editor: 'prompt' }),
  instructions: z
    .string()
    .max(20_000)
    .default(
      "You answer the customers of our company in a chat. Be short, friendly and exact. Answer in the customer's language. If you do not know something, say so and offer a colleague.",
    )
    .meta({
      title: 'Instructions',
      description: 'Who the model is, what it knows and what it must not do.',
      template: true,
      editor: 'prompt',
    }),
  ladder: z
    .array(rung)
    .max(6)
    .default(defaultRungs)
    .meta({ title: 'Models, in order', description: 'When one is slow, limited or down, the next one is asked.', widget: 'ladder' }),
  commonAnswers: z
    .enum(['last', 'first', 'off'])
    .default('last')
    .meta({
      title: 'Common answers',
      description: 'The library of answers that your team wrote.',
      options: { last: 'When no model answers', first: 'Before any model', off: 'Not used' },
    }),
  answerAs: z
    .enum(['text', 'data'])
    .default('text')
    .meta({ title: 'Answer as', options: { text: 'Text', data: 'Data with a fixed shape' } }),
  schema: z
    .string()
    .max(20_000)
    .default(
      '{\n  "type": "object",\n  "properties": { "intent": { "type": "string" } },\n  "required": ["intent"],\n  "additionalProperties": false\n}',
    )
    .meta({
      title: 'Shape of the data',
      description: 'A JSON schema. The answer is checked against it.',
      editor: 'schema',
      showWhen: { field: 'answerAs', is: ['data'] },
    }),
  historyTurns: z.number().int().min(0).max(30).default(10).meta({ title: 'Earlier messages it sees', advanced: true }),
  knowsContact: z.boolean().default(true).meta({ title: "It knows the customer's name and language", advanced: true }),
  maxTokens: z
    .number()
    .int()
    .min(16)
    .max(20_000)
    .default(2_048)
    .meta({ title: 'Longest answer, in tokens', description: 'Models that think need room for it here.', advanced: true }),
  rounds: z.number().int().min(1).max(5).default(1).meta({ title: 'Tries of the whole list', advanced: true }),
});

export const llm = defineEffect({
  type: 'llm',
  typeVersion: 1,
  title: 'Ask a model',
  summary: 'Lets a language model answer, with other models, common answers and people behind it.',
  icon: 'sparkles',
  category: 'understand',
  keywords: ['ai', 'gpt', 'claude', 'groq', 'ollama', 'prompt', 'classify', 'extract', 'agent', 'ia', 'modelo'],
  config,
  ports: {
    answered: { label: 'Answered', mandatory: true },
    review: { label: 'Nobody could answer', mandatory: true, unhappy: true },
  },
  retry: (given) => ({ maxAttempts: given.rounds, firstDelay: '2s', factor: 2, maxDelay: '30s' }),
  // All rungs one after another, each perhaps with one repair, and a little for the library of answers.
  timeout: (given) =>
    formatDuration(given.ladder.reduce((sum, item) => sum + parseDuration(item.timeout) * (given.answerAs === 'data' ? 2 : 1), 5_000)),
  output: z.object({
    text: z.string(),
    data: z.json(),
    source: z.enum(['model', 'common', 'none']),
    provider: z.string().nullable(),
    model: z.string().nullable(),
    answer: z.string().nullable(),
  }),
  describe: (given) => (given.ladder.length > 0 ? given.ladder.map((item) => item.model).join(' → ') : shortText(given.instructions)),
  check: (given, world) => [
    ...given.ladder.flatMap((item, index) => {
      const field = `ladder.${index}.credential`;
      if (
        item.credential !== undefined &&
        item.credential !== '' &&
        !world.credentials.some((credential) => credential.id === item.credential)
      )
        return [
          {
            field,
            severity: 'error' as const,
            reason: "This model's key does not exist any more.",
            fix: 'Choose another key, or leave it empty to use the first key of this provider.',
          },
        ];
      return [];
    }),
    ...(given.ladder.some((item) =>
      world.credentials.some((credential) => (item.credential ? credential.id === item.credential : credential.kind === item.provider)),
    )
      ? []
      : [
          {
            field: 'ladder',
            severity: 'warning' as const,
            reason: 'No key for any of these models: only common answers and people will answer.',
            fix: 'Add a key for Groq, Claude or your own server under Connections.',
          },
        ]),
    ...(given.answerAs === 'data' && readSchema(given.schema) === null
      ? [
          {
            field: 'schema',
            severity: 'error' as const,
            reason: 'The shape of the data is not a JSON schema.',
            fix: 'Write a JSON object with "type" and "properties".',
          },
        ]
      : []),
  ],
  samples,
});
