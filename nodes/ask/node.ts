import { defineWait, duration, type OutgoingMessage, type Ports } from '@holdfast/node-kit';
import { z } from 'zod';
import { buttons } from '../fields/buttons.ts';
import { listLabel } from '../fields/list-label.ts';
import { shortMessage } from '../fields/short-text.ts';
import { looksOf, textFormat } from '../fields/text-format.ts';
import { samples } from './samples.ts';
import { readAnswer } from './read-answer.ts';

const forChoice = { field: 'expects', is: ['choice'] } as const;

export const askConfig = z
  .strictObject({
    question: z
      .string('Write the question')
      .min(1, 'Write the question')
      .max(20_000)
      .meta({ title: 'Question', placeholder: 'What is your order number?', template: true, insertsAs: 'rich', editor: 'prompt' }),
    textFormat,
    expects: z
      .enum(['text', 'number', 'order-id', 'email', 'phone', 'date', 'choice', 'attachment'])
      .default('text')
      .meta({
        title: 'Expects',
        options: {
          text: 'Any text',
          number: 'A number',
          'order-id': 'An order number',
          email: 'An email address',
          phone: 'A phone number',
          date: 'A date',
          choice: 'One of these choices',
          attachment: 'A picture or file',
        },
      }),
    format: z
      .string()
      .max(60)
      .default('')
      .meta({
        title: 'Looks like',
        description: '# stands for a digit, @ for a letter. Empty: anything that looks like an order number.',
        placeholder: 'A-####',
        showWhen: { field: 'expects', is: ['order-id'] },
      }),
    choices: buttons.default([]).meta({ title: 'Choices', widget: 'buttons', showWhen: forChoice }),
    listLabel: listLabel.meta({ showWhen: forChoice }),
    branch: z.boolean().default(false).meta({ title: 'One exit for each choice', showWhen: forChoice }),
    dateOrder: z
      .enum(['day-first', 'month-first'])
      .default('day-first')
      .meta({
        title: '03/04 means',
        options: { 'day-first': '3 April', 'month-first': '4 March' },
        showWhen: { field: 'expects', is: ['date'] },
      }),
    reask: z
      .string()
      .max(5_000)
      .default('Sorry, I did not understand that. Could you write it again?')
      .meta({ title: 'When the answer does not fit', template: true, insertsAs: 'rich' }),
    tries: z.number().int().min(1).max(10).default(3).meta({ title: 'Answers it accepts before it gives up', advanced: true }),
    timeout: duration.default('1d').meta({ title: 'Waits for an answer', widget: 'duration' }),
  })
  .superRefine((given, context) => {
    if (given.expects !== 'choice') return;
    if (given.choices.length === 0) context.addIssue({ code: 'custom', path: ['choices'], message: 'Add at least one choice' });
    const taken = given.choices.findIndex((choice) => choice.id in fixedPorts);
    if (given.branch && taken >= 0)
      context.addIssue({ code: 'custom', path: ['choices', taken, 'id'], message: 'This id is the name of another exit: choose another' });
  });
export type AskConfig = z.infer<typeof askConfig>;

const fixedPorts = {
  answered: { label: 'Answered' },
  unclear: { label: 'Not understood', unhappy: true },
  expired: { label: 'No answer in time', unhappy: true },
} satisfies Ports;

// A draft may be half typed, and ports must be drawn all the same.
const drawable = z.object({
  expects: z.string().catch('text'),
  branch: z.boolean().catch(false),
  choices: z.array(z.object({ id: z.string().min(1), label: z.string().catch('') })).catch([]),
});

const ports = (given: AskConfig): Ports => {
  const { expects, branch, choices } = drawable.parse(given);
  const { answered, ...unhappy } = fixedPorts;
  if (expects !== 'choice' || !branch) return { answered: { ...answered, mandatory: true }, ...unhappy };
  return { ...Object.fromEntries(choices.map((choice) => [choice.id, { label: choice.label || choice.id }])), ...unhappy };
};

const sayWithChoices = (given: AskConfig, text: string): OutgoingMessage => ({
  text,
  buttons: given.expects === 'choice' ? given.choices : [],
  attachments: [],
  ...looksOf(given),
});

export const ask = defineWait({
  type: 'ask',
  typeVersion: 1,
  title: 'Ask the customer',
  summary: 'Asks a question and waits for an answer of the kind you need.',
  icon: 'message-question',
  category: 'talk',
  keywords: ['question', 'input', 'form', 'wait', 'reply', 'buttons', 'menu', 'preguntar', 'pregunta'],
  boundsCycles: true,
  config: askConfig,
  ports,
  output: z.object({ text: z.string(), value: z.json(), message: z.json() }),
  describe: (given) => shortMessage(given.question, given.textFormat),
  says: (given) => sayWithChoices(given, given.question),
  plan: ({ config: given }) => ({
    waitFor: 'reply',
    say: sayWithChoices(given, given.question),
    timeout: given.timeout,
    timeoutPort: 'expired',
  }),
  resolve: ({ config: given, event, tries }) => {
    if (event.kind !== 'reply') return null;
    const answer = readAnswer(given, event.messages);
    if (answer.isUnderstood)
      return {
        port: given.expects === 'choice' && given.branch && typeof answer.value === 'string' ? answer.value : 'answered',
        output: { text: answer.text, value: answer.value, message: answer.message },
      };
    if (tries >= given.tries) return { port: 'unclear', output: { text: answer.text, value: null, message: answer.message } };
    return { say: sayWithChoices(given, given.reask) };
  },
  samples,
});
