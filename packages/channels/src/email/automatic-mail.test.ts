import { describe, expect, test } from 'vitest';
import { automaticMail } from './automatic-mail.ts';
import { readMail } from './read-mail.ts';

const own = new Set(['support@kelp.example']);
const judge = async (headers: string, from = 'Ana <ana@example.com>', subject = 'Hello') =>
  automaticMail(
    await readMail(Buffer.from(`From: ${from}\r\nTo: support@kelp.example\r\nSubject: ${subject}\r\n${headers}\r\nhello\r\n`)),
    own,
  );

describe('a mail from a machine', () => {
  test.each([
    ['Auto-Submitted: auto-replied\r\n', 'auto-submitted'],
    ['Auto-Submitted: auto-generated; owner=x\r\n', 'auto-submitted'],
    ['Return-Path: <>\r\n', 'null-sender'],
    ['X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n', 'suppressed'],
    ['X-Auto-Response-Suppress: All\r\n', 'suppressed'],
    ['List-Id: News <news.example.com>\r\n', 'list'],
    ['List-Unsubscribe: <mailto:x@example.com>\r\n', 'list'],
    ['Feedback-ID: 1:2:3\r\n', 'list'],
    ['Precedence: bulk\r\n', 'bulk'],
    ['precedence: auto_reply\r\n', 'bulk'],
    ['X-Autoreply: yes\r\n', 'auto-header'],
    ['X-Loop: somebody\r\n', 'auto-header'],
  ])('says so by %j', async (headers, why) => expect(await judge(headers)).toBe(why));

  test.each([
    'MAILER-DAEMON@mx.example.com',
    'postmaster@example.com',
    'No-Reply@example.com',
    'noreply+1@example.com',
    'do-not-reply@x.example',
  ])('says so by its address %s', async (address) => expect(await judge('', address)).toBe('robot-address'));

  test.each([
    'Automatic reply: Order',
    'Out of Office: Order',
    'Respuesta automática: Pedido',
    'Abwesenheitsnotiz',
    'Réponse automatique : Commande',
  ])('says so by its subject %j', async (subject) => expect(await judge('', undefined, subject)).toBe('vacation'));

  test('is our own when it comes from our own address', async () => expect(await judge('', 'Support@Kelp.example')).toBe('own'));
});

test.each([
  '',
  'Auto-Submitted: no\r\n',
  'X-Auto-Response-Suppress: OOF\r\n',
  'Precedence: normal\r\n',
  'Return-Path: <ana@example.com>\r\n',
])('a person’s mail with %j is answered', async (headers) => expect(await judge(headers)).toBeNull());
