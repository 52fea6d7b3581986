import { deliverMail } from '@holdfast/test-kit/mail';
import { openMailAccount } from '../../product/mail-account.ts';
import type { Letter, Line } from './line.ts';

const mailboxOf = (customer: number): string => `customer-${customer}@example.com`;

/** One thread per customer; a copy is the same mail in the mailbox once more. */
export async function emailLine(): Promise<Line> {
  const { mailbox, sink, channel, close } = await openMailAccount();
  return {
    kind: 'email',
    mark: 'e',
    // A mail is there when the whole dialogue with its server is over, which takes its time; servers count by the minute and longer.
    pace: { perSecond: 2, windowMs: 10_000, everyMs: 5_000, burst: 3 },
    settings: null,
    environment: {},
    isOrdered: true,
    doublesAll: false,
    connect: async ({ api }) => (await api.call<{ id: string }>('POST', '/api/channels', channel)).id,
    addressOf: mailboxOf,
    bring: (letters) => deliverMail(mailbox, letters.map(mailOf)),
    heard: () => sink.taken.map(({ to, source, at }) => ({ to: to[0] ?? '', text: source.slice(source.indexOf('\r\n\r\n')), at })),
    cutNext: (times) => Array.from({ length: times }).forEach(() => sink.cut('before-answer')),
    tellStatuses: () => undefined,
    tellArrival: null,
    settled: async () => undefined,
    close,
  };
}

// The same in a copy: it is the same mail.
const writtenAt = new Date().toUTCString();

function mailOf({ customer, name }: Letter): string {
  const index = Number(name.slice(5));
  const first = `<first-of-${customer}@example.com>`;
  const head = [
    `From: Customer ${customer} <${mailboxOf(customer)}>`,
    'To: support@kelp.test',
    `Subject: ${index === 0 ? '' : 'Re: '}My order`,
    `Message-ID: ${index === 0 ? first : `<${customer}.${index}@example.com>`}`,
    `Date: ${writtenAt}`,
    ...(index === 0 ? [] : [`In-Reply-To: ${first}`, `References: ${first}`]),
    'Content-Type: text/plain; charset=utf-8',
  ];
  return `${head.join('\r\n')}\r\n\r\n${name}\r\n`;
}
