import { z } from 'zod';

/** How a value is written for people. */
export const valueFormats = ['text', 'number', 'amount', 'money', 'percent', 'date', 'date-time'] as const;
export type ValueFormat = (typeof valueFormats)[number];

export const valueFormat = z
  .enum(valueFormats)
  .default('text')
  .meta({
    title: 'Shown as',
    options: {
      text: 'As it is',
      number: 'Number',
      amount: 'Number with two decimals',
      money: 'Money',
      percent: 'Percent (0.21 is 21 %)',
      date: 'Day',
      'date-time': 'Day and time',
    },
  });
