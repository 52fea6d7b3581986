import { createAdapters, startMailPolling } from '@holdfast/channels';
import { insertChannel, newId } from '@holdfast/db';
import { createDelivery } from '@holdfast/delivery';
import { createEgress } from '@holdfast/egress';
import { ingestChannelEvents } from '@holdfast/runs';
import { deliverMail, imapServers, startSmtpSink, type ImapServer, type SmtpSink } from '@holdfast/test-kit/mail';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, until, type TestApp } from './test/test-app.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const openSecret = ({ secret }: { secret: Buffer }) => secret.toString();
const egress = createEgress({ allow: '127.0.0.0/8' });
let imap: ImapServer;
let smtp: SmtpSink;
let app: TestApp;
let mail: { stop: () => Promise<void> };

beforeAll(async () => {
  const kind = (await imapServers()).at(-1);
  if (!kind) throw new Error('There is always one server.');
  [imap, smtp] = [await kind.start(), await startSmtpSink()];
  app = await testApp({
    alter: (deps) => ({
      ...deps,
      delivery: createDelivery({ pool: deps.pool, adapters: createAdapters({ egress }), openSecret, process: newId('process'), log }),
    }),
  });
  const { pool, workspaceId, deps } = app.world;
  const at = (port: number) => ({ host: '127.0.0.1', port, security: 'none', user: imap.user });
  await insertChannel(pool, {
    id: newId('channel'),
    workspaceId,
    kind: 'email',
    name: 'Support',
    // The pace of a mailbox is minutes; here the conversation counts.
    config: {
      address: 'support@kelp.test',
      fromName: 'Kelp',
      imap: at(imap.port),
      smtp: at(smtp.port),
      limits: { chatEverySeconds: 0.01, chatBurst: 50, perSecond: 100 },
    },
    secret: Buffer.from(JSON.stringify({ password: imap.password })),
    keyId: 'k',
  });
  await app.world.publish('start:channel-trigger.message -> colour:ask.answered -> tell:send-message', {
    configs: {
      start: { channels: ['any'] },
      colour: {
        question: 'Which colour?',
        expects: 'choice',
        choices: [
          { id: 'blue', label: 'Blue' },
          { id: 'green', label: 'Green' },
        ],
      },
      tell: { text: 'You chose {{ nodes.colour.value }}.' },
    },
  });
  mail = startMailPolling({
    pool,
    egress,
    openSecret,
    process: newId('process'),
    log,
    lookEveryMs: 50,
    pollMs: 100,
    askDns: async () => [],
    onEvents: (channel, events, options) => ingestChannelEvents(deps, channel, events, options),
  });
  await until(
    async () => (await pool.query('select 1 from mail_cursors')).rowCount,
    (count) => count === 1,
  );
});
afterAll(async () => {
  await mail.stop();
  await app.close();
  await Promise.all([imap.close(), smtp.close()]);
  await egress.close();
});

const header = (index: number, name: string): string =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(smtp.taken[index]?.source ?? '')?.[1]?.replaceAll(/\r\n[ \t]+/g, ' ') ?? '';
const sent = (count: number) =>
  until(
    async () => smtp.taken.length,
    (found) => found >= count,
  );
const rows = async (sql: string) => (await app.world.pool.query(sql)).rows;

test('a question is asked by mail, answered by number above the quoted mail, and the answer stays in its thread', async () => {
  await deliverMail(imap, ['From: Ana <ana@example.com>\r\nSubject: Kelp lamp\r\nMessage-ID: <m1@example.com>\r\n\r\nI want one.\r\n']);
  await sent(1);
  expect(smtp.taken[0]?.source).toContain('1. Blue');
  expect([header(0, 'To'), header(0, 'Subject'), header(0, 'In-Reply-To')]).toEqual([
    'ana@example.com',
    'Re: Kelp lamp',
    '<m1@example.com>',
  ]);
  const question = header(0, 'Message-ID');
  await deliverMail(imap, [
    `From: Ana <ana@example.com>\r\nSubject: Re: Kelp lamp\r\nMessage-ID: <m2@example.com>\r\nIn-Reply-To: ${question}\r\nReferences: <m1@example.com> ${question}\r\n\r\n2\r\n\r\nOn Mon, Nov 16, 2026 Kelp <support@kelp.test> wrote:\r\n> Which colour?\r\n> 1. Blue\r\n> 2. Green\r\n`,
  ]);
  await sent(2);
  expect(smtp.taken[1]?.source).toContain('You chose green.');
  expect(header(1, 'References')).toBe(`<m1@example.com> ${question} <m2@example.com>`);
  expect(await rows('select direction, text from messages order by created_at, id')).toMatchObject([
    { direction: 'in', text: 'Kelp lamp\n\nI want one.' },
    { direction: 'out' },
    { direction: 'in', text: '2' },
    { direction: 'out', text: 'You chose green.' },
  ]);
  expect(await rows('select count(*)::int as count from conversations')).toEqual([{ count: 1 }]);
});

test('an auto-reply and a newsletter are kept and start nothing, so two machines never write to each other', async () => {
  const before = smtp.taken.length;
  await deliverMail(imap, [
    'From: Ana <ana@example.com>\r\nSubject: Automatic reply\r\nMessage-ID: <auto@example.com>\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n',
    'From: News <news@example.com>\r\nSubject: News\r\nMessage-ID: <news@example.com>\r\nList-Unsubscribe: <mailto:x@example.com>\r\n\r\nBuy.\r\n',
  ]);
  await until(
    () =>
      rows(
        `select i.state, m.metadata->>'automatic' as automatic from inbox i join messages m on m.id = i.message_id where m.metadata ? 'automatic' order by m.created_at, m.id`,
      ),
    (found) => found.length === 2,
  );
  await expect
    .poll(() => rows(`select state from inbox where state <> 'consumed'`))
    .toEqual([{ state: 'set-aside' }, { state: 'set-aside' }]);
  expect(smtp.taken.length).toBe(before);
});

test('a bounce marks the message that came back, and the address is not written to any more', async () => {
  const about = header(1, 'Message-ID');
  const parts = [
    'From: MAILER-DAEMON@mx.example.com\r\nReturn-Path: <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\nMessage-ID: <dsn@mx>\r\n',
    '--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.',
    '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; ana@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 User unknown',
    `--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${about}\r\n`,
    '--b--\r\n',
  ];
  await deliverMail(imap, [parts.join('\r\n')]);
  await until(
    () => rows(`select status, problem->>'detail' as detail from messages where text = 'You chose green.'`),
    ([found]) => found?.status === 'failed' && String(found.detail).includes('550 User unknown'),
  );
  await expect
    .poll(() => rows('select channel_kind, address from suppressions'))
    .toEqual([{ channel_kind: 'email', address: 'ana@example.com' }]);
});

test('a document that a step made goes out attached, as it was made', async () => {
  await app.world.publish('start:channel-trigger.message -> invoice:document.done -> tell:send-message', {
    position: -1,
    configs: {
      start: { channels: ['any'] },
      invoice: { title: 'Invoice A-1', blocks: [{ kind: 'heading', heading: 'Invoice for {{ contact.name }}' }] },
      tell: { text: 'Here it is.', files: [{ fileId: '{{ nodes.invoice.file }}' }] },
    },
  });
  const before = smtp.taken.length;
  await deliverMail(imap, ['From: Berta <berta@example.com>\r\nSubject: Invoice\r\nMessage-ID: <b1@example.com>\r\n\r\nPlease.\r\n']);
  await sent(before + 1);
  const source = smtp.taken[before]?.source ?? '';
  expect(source).toMatch(/Content-Type: application\/pdf; name="Invoice A-1\.pdf"/);
  const encoded = /Content-Disposition: attachment[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(source)?.[1] ?? '';
  const [stored] = await rows(`select f.content, f.size_bytes as size, m.content as message from files f join runs r on r.id = f.run_id
    join messages m on m.conversation_id = r.conversation_id and m.author = 'bot' where f.name = 'Invoice A-1.pdf'`);
  expect(Buffer.from(encoded, 'base64').equals(stored?.content)).toBe(true);
  expect(stored?.content.subarray(0, 5).toString()).toBe('%PDF-');
  expect(stored?.message).toMatchObject({
    attachments: [{ kind: 'document', name: 'Invoice A-1.pdf', mimeType: 'application/pdf', sizeBytes: stored?.size }],
  });
});
