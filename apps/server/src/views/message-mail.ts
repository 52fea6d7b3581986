import { loadFile, type Pool, type StoredMessage } from '@holdfast/db';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';

/**
 * A message of a mail channel as RFC 5322, in an mbox (RFC 4155) that mail programs open. `From ` at the start of a line is quoted as mboxrd does, so that
 * it can be undone.
 */
export async function mailInBox(pool: Pool, message: StoredMessage): Promise<string> {
  const source = (await composed(pool, message))
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replace(/^(>*From )/gm, '>$1');
  const date = new Date(message.at).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 $4');
  return `From holdfast ${date}\n${source}${source.endsWith('\n') ? '' : '\n'}\n`;
}

async function composed(pool: Pool, message: StoredMessage): Promise<Buffer> {
  const { subject, mailId } = message.metadata;
  const customer = { name: message.contact, address: message.address };
  const us = { name: message.channel, address: `${message.conversation}@holdfast.invalid` };
  const [from, to] = message.direction === 'in' ? [customer, us] : [us, customer];
  const files = await Promise.all(
    (message.content.attachments ?? []).map(async ({ fileId, name }) => {
      const file = fileId === undefined ? null : await loadFile(pool, { workspaceId: message.workspaceId, id: fileId });
      return file && { filename: name ?? file.name, contentType: file.mimeType, content: file.content };
    }),
  );
  return new MailComposer({
    from,
    to,
    subject: typeof subject === 'string' ? subject : '',
    messageId: typeof mailId === 'string' ? mailId : (message.providerMessageId ?? `<${message.id}@holdfast.invalid>`),
    date: new Date(message.at),
    text: message.text,
    headers: { 'X-Holdfast-Message': message.id, 'X-Holdfast-Author': message.author },
    attachments: files.filter((file) => file !== null),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
