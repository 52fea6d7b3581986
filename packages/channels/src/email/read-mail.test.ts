import { describe, expect, test } from 'vitest';
import { isDeadAddress } from './delivery-report.ts';
import { readMail } from './read-mail.ts';

const mail = (...lines: string[]) => readMail(Buffer.from(lines.join('\r\n'), 'latin1'));
const head = ['From: =?UTF-8?Q?Ana_P=C3=A9rez?= <Ana@Example.com>', 'To: support@kelp.example', 'Message-ID: <m1@example.com>'];

describe('a mail is read', () => {
  test('with who wrote, what about and to what it answers', async () => {
    const read = await mail(
      ...head,
      'Reply-To: "Ana at home" <ana.home@example.com>',
      'Subject: =?ISO-8859-1?Q?=BFD=F3nde_est=E1=3F?=',
      'In-Reply-To: <r1@kelp.example>',
      'References: <m0@example.com>',
      '\t<r1@kelp.example>',
      'Date: Mon, 16 Nov 2026 10:02:00 +0100',
      '',
      'Hola',
    );
    expect(read).toMatchObject({
      mailId: 'm1@example.com',
      from: { address: 'ana@example.com', name: 'Ana Pérez' },
      answerTo: { address: 'ana.home@example.com', name: 'Ana at home' },
      subject: '¿Dónde está?',
      inReplyTo: ['r1@kelp.example'],
      references: ['m0@example.com', 'r1@kelp.example'],
      said: 'Hola',
    });
    expect(read.sentAt.toISOString()).toBe('2026-11-16T09:02:00.000Z');
  });

  test.each([
    { type: 'text/plain; charset=iso-8859-15', encoding: 'quoted-printable', body: 'Son 5 =A4', said: 'Son 5 €' },
    {
      type: 'text/plain; charset=utf-8',
      encoding: 'base64',
      body: Buffer.from('Ça coûte combien ? 👋').toString('base64'),
      said: 'Ça coûte combien ? 👋',
    },
    { type: 'text/plain; charset=shift_jis', encoding: 'base64', body: 'grGC8YLJgr+CzQ==', said: 'こんにちは' },
    { type: 'text/plain; charset=windows-1251', encoding: '8bit', body: '\xcf\xf0\xe8\xe2\xe5\xf2', said: 'Привет' },
    { type: 'text/plain; charset=x-made-up', encoding: '7bit', body: 'hello', said: 'hello' },
  ])('in $type, $encoding', async ({ type, encoding, body, said }) =>
    expect(await mail(...head, `Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, '', body)).toMatchObject({ said }),
  );

  test('from nested parts: the plain text, not its HTML twin; a file and an inline picture are kept', async () => {
    const read = await mail(
      ...head,
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/related; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/alternative; boundary=c',
      '',
      '--c',
      'Content-Type: text/plain',
      '',
      'See the photo.',
      '--c',
      'Content-Type: text/html',
      '',
      '<p>See the <b>photo</b>. <img src="cid:p1"></p>',
      '--c--',
      '--b',
      'Content-Type: image/png',
      'Content-ID: <p1>',
      'Content-Transfer-Encoding: base64',
      '',
      'iVBORw0KGgo=',
      '--b--',
      '--a',
      'Content-Type: application/pdf; name="=?UTF-8?Q?Factura_n=C2=BA_1.pdf?="',
      'Content-Disposition: attachment',
      'Content-Transfer-Encoding: base64',
      '',
      'JVBERi0=',
      '--a--',
    );
    expect(read.said).toBe('See the photo.');
    expect(read.files.map(({ name, mimeType }) => [name, mimeType])).toEqual([
      ['file-1.png', 'image/png'],
      ['Factura nº 1.pdf', 'application/pdf'],
    ]);
    expect(read.files[1]?.content.toString()).toBe('%PDF-');
  });

  test('from HTML alone: as text, without the quote, scripts and pictures', async () => {
    const read = await mail(
      ...head,
      'Content-Type: text/html; charset=utf-8',
      '',
      '<html><head><style>p{color:red}</style><script>alert(1)</script></head><body><p>Yes,<br>please. <a href="https://x.example/a">Here</a></p>',
      '<img src="https://tracker.example/1.gif"><ul><li>one</li><li>two</li></ul>',
      '<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Mon, Kelp wrote:</div><blockquote>Would you?</blockquote></div></body></html>',
    );
    expect(read.said).toBe('Yes,\nplease. Here (https://x.example/a)\n\n * one\n * two');
    expect(read.whole).toContain('Would you?');
    expect(read.whole).not.toContain('tracker');
  });

  test('though it lacks nearly everything', async () => {
    expect(await mail('X: y', '', 'hello')).toMatchObject({ mailId: null, from: { address: '' }, subject: '', said: 'hello', files: [] });
    expect(await mail('From: undisclosed', '', '')).toMatchObject({ from: { address: '' }, said: '' });
  });
});

const bounce = (status: string, about: string[]) =>
  mail(
    'From: Mail Delivery Subsystem <mailer-daemon@mx.example.com>',
    'Return-Path: <>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=r',
    '',
    '--r',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered.',
    '--r',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    '',
    'Final-Recipient: rfc822; Ana@Example.com',
    'Action: failed',
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1 <ana@example.com>',
    '    User unknown',
    '--r',
    ...about,
    '--r--',
  );

describe('a delivery report', () => {
  test.each([
    ['message/rfc822', ['Content-Type: message/rfc822', '', 'From: support@kelp.example', 'Message-ID: <hf.0.abc@kelp.example>', '', 'Hi']],
    ['text/rfc822-headers', ['Content-Type: text/rfc822-headers', '', 'Subject: x', 'Message-ID:', ' <hf.0.abc@kelp.example>', '']],
  ])('names the mail it is about, from %s', async (_type, about) =>
    expect((await bounce('5.1.1', about)).report).toEqual({
      action: 'failed',
      recipient: 'ana@example.com',
      status: '5.1.1',
      diagnostic: '550 5.1.1 <ana@example.com> User unknown',
      mailId: 'hf.0.abc@kelp.example',
    }),
  );

  test('without the original’s headers names the address only', async () =>
    expect((await bounce('4.4.7 (expired)', ['Content-Type: text/plain', '', 'x'])).report).toMatchObject({
      status: '4.4.7',
      mailId: null,
    }));

  test('ends an address for good only when nobody is there', () =>
    expect(['5.1.1', '5.1.2', '5.1.10', '5.2.1', '5.2.2', '5.7.1', '4.1.1', ''].filter(isDeadAddress)).toEqual([
      '5.1.1',
      '5.1.2',
      '5.1.10',
      '5.2.1',
    ]));

  test('is not what a person forwards', async () =>
    expect(
      (
        await mail(
          ...head,
          'Content-Type: multipart/mixed; boundary=r',
          '',
          '--r',
          'Content-Type: message/rfc822',
          '',
          'Message-ID: <a@b>',
          '',
          'x',
          '--r--',
        )
      ).report,
    ).toBeNull());
});
