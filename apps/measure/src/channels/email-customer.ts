import { deliverMail, type TakenMail } from '@holdfast/test-kit/mail';
import { simpleParser } from 'mailparser';
import type { ApiClient } from '../product/api-client.ts';
import { openMailAccount } from '../product/mail-account.ts';
import type { Customer } from './customer.ts';

const ana = 'Ana <ana@example.com>';

/** Writes mails and answers in the thread, quoting what she answers, as mail programs do. */
export async function emailCustomer(api: () => ApiClient): Promise<Customer> {
  const { mailbox, sink, channel, close } = await openMailAccount();
  let written = 0;
  const mails = () => Promise.all(sink.taken.map(({ source }: TakenMail) => simpleParser(Buffer.from(source, 'latin1'))));
  const writes = async (text: string) => {
    const last = (await mails()).at(-1);
    const quoted = last
      ? `\r\n\r\nOn Mon, 23 Nov 2026 at 10:00, Kelp Shop <support@kelp.test> wrote:\r\n> ${last.text?.trim().replaceAll('\n', '\r\n> ')}\r\n`
      : '';
    const thread = last ? `In-Reply-To: ${last.messageId}\r\nReferences: ${last.messageId}\r\n` : '';
    const head = `From: ${ana}\r\nTo: support@kelp.test\r\nSubject: ${last ? 'Re: Hello, it is me' : 'Hello, it is me'}\r\nMessage-ID: <ana-${++written}@example.com>\r\nDate: ${new Date().toUTCString()}\r\n${thread}`;
    await deliverMail(mailbox, [`${head}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}${quoted}\r\n`]);
  };
  return {
    kind: 'email',
    connect: () => api().call('POST', '/api/channels', channel),
    writes,
    chooses: (nth) => writes(String(nth)),
    heard: async () => {
      const all = await mails();
      return { texts: all.map(({ text }) => text?.trim() ?? ''), pictures: all.flatMap(({ attachments }) => attachments).length };
    },
    close,
  };
}
