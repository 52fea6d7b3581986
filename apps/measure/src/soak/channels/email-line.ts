import { deliverMail, imapServers, smtpLogin, startSmtpSink } from '@holdfast/test-kit/mail';
import type { Letter, Line } from './line.ts';

const mailboxOf = (customer: number): string => `customer-${customer}@example.com`;

/** One thread per customer; a copy is the same mail in the mailbox once more. */
export async function emailLine(): Promise<Line> {
  const [kind] = await imapServers();
  if (!kind) throw new Error('There is no IMAP server to read from.');
  const [mailbox, sink] = [await kind.start(), await startSmtpSink()];
  const server = (port: number, user: string) => ({ host: '127.0.0.1', port, security: 'none', user });
  return {
    kind: 'email',
    mark: 'e',
    // A mail is there when the whole dialogue with its server is over, which takes its time; servers count by the minute and longer.
    pace: { perSecond: 2, windowMs: 10_000, everyMs: 5_000, burst: 3 },
    settings: null,
    environment: {},
    isOrdered: true,
    doublesAll: false,
    connect: async ({ api }) => {
      const account = {
        kind: 'email',
        name: 'Email',
        address: 'support@kelp.test',
        fromName: 'Kelp Shop',
        imap: server(mailbox.port, mailbox.user),
        smtp: server(sink.port, smtpLogin.user),
        password: smtpLogin.password,
        savesSent: false,
      };
      return (await api.call<{ id: string }>('POST', '/api/channels', account)).id;
    },
    addressOf: mailboxOf,
    bring: (letters) => deliverMail(mailbox, letters.map(mailOf)),
    heard: () => sink.taken.map(({ to, source, at }) => ({ to: to[0] ?? '', text: source.slice(source.indexOf('\r\n\r\n')), at })),
    cutNext: (times) => Array.from({ length: times }).forEach(() => sink.cut('before-answer')),
    tellStatuses: () => undefined,
    tellArrival: null,
    settled: async () => undefined,
    close: async () => {
      await mailbox.close();
      await sink.close();
    },
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
