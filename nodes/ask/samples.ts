import type { Sample, WaitEvent } from '@holdfast/node-kit';

const reply = (text: string): WaitEvent => ({
  kind: 'reply',
  messages: [{ id: 'm1', text, attachments: [], receivedAt: '2026-11-23T10:00:00.000Z' }],
});
const choices = [
  { id: 'yes', label: 'Yes, please' },
  { id: 'no', label: 'No' },
];

export const samples: readonly Sample[] = [
  {
    name: 'takes any text',
    config: { question: 'What is your name?' },
    event: reply('Ana'),
    expect: {
      port: 'answered',
      output: { text: 'Ana', value: 'Ana', message: { id: 'm1', text: 'Ana', attachments: [], receivedAt: '2026-11-23T10:00:00.000Z' } },
    },
  },
  {
    name: 'reads a number from a sentence',
    config: { question: 'How many?', expects: 'number' },
    event: reply('about 12,5 kilos'),
    expect: {
      port: 'answered',
      output: {
        text: 'about 12,5 kilos',
        value: 12.5,
        message: { id: 'm1', text: 'about 12,5 kilos', attachments: [], receivedAt: '2026-11-23T10:00:00.000Z' },
      },
    },
  },
  {
    name: 'gives up when the last answer does not fit',
    config: { question: 'Your email?', expects: 'email', tries: 1 },
    event: reply('no'),
    expect: { port: 'unclear' },
  },
  {
    name: 'recognises a choice by its words',
    config: { question: 'Shall we call you?', expects: 'choice', choices },
    event: reply('yes please!'),
    expect: { port: 'answered' },
  },
  {
    name: 'leaves by the exit of the choice',
    config: { question: 'Shall we call you?', expects: 'choice', branch: true, choices },
    event: reply('2'),
    expect: { port: 'no' },
  },
  {
    name: 'reads a date',
    config: { question: 'When?', expects: 'date' },
    event: reply('mañana'),
    expect: {
      port: 'answered',
      output: {
        text: 'mañana',
        value: '2026-11-24',
        message: { id: 'm1', text: 'mañana', attachments: [], receivedAt: '2026-11-23T10:00:00.000Z' },
      },
    },
  },
  {
    name: 'expires when nobody answers',
    config: { question: 'Are you there?', timeout: '1h' },
    event: { kind: 'timeout' },
    expect: { port: 'expired' },
  },
];
