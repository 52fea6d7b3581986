import type { Sample } from '@holdfast/node-kit';

const ladder = [{ provider: 'groq', model: 'openai/gpt-oss-120b' }];

export const samples: readonly Sample[] = [
  {
    name: 'answers a customer',
    config: { ladder },
    input: { trigger: { text: 'Do you ship to Kenya?' } },
    model: { text: 'Yes, within five days.' },
    expect: {
      port: 'answered',
      output: { text: 'Yes, within five days.', data: null, source: 'model', provider: 'groq', model: 'openai/gpt-oss-120b', answer: null },
    },
  },
  {
    name: 'reads data out of a text',
    config: { ladder, answerAs: 'data', schema: '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}' },
    input: { trigger: { text: 'Ship it to Vigo' } },
    model: { text: '{"city":"Vigo"}' },
    expect: {
      port: 'answered',
      output: {
        text: '{"city":"Vigo"}',
        data: { city: 'Vigo' },
        source: 'model',
        provider: 'groq',
        model: 'openai/gpt-oss-120b',
        answer: null,
      },
    },
  },
  {
    name: 'leaves to a person when nobody can answer',
    config: { ladder: [] },
    input: { trigger: { text: 'Do you ship to Kenya?' } },
    expect: { port: 'review', output: { text: '', data: null, source: 'none', provider: null, model: null, answer: null } },
  },
];
