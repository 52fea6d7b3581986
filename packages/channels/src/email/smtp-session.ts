import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { errorWithout, type Egress } from '@holdfast/egress';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import { doorsTo } from './doors-to-mail.ts';
import { explainMailError } from './explain-mail-error.ts';
import { mailLogin, type MailLogin } from './mail-login.ts';
import type { Mailbox, MailServer } from './mailbox-account.ts';
import { explainSmtpFailure } from './smtp-refusal.ts';

const patienceMs = 15_000;
/** Servers scan a large mail before they answer. */
const answerMs = 60_000;

export interface SmtpSession {
  /** One attempt. Answers the id that the server gave the mail in place of ours, if it did. */
  send: (mail: { from: string; to: string; source: Buffer }) => Promise<string | null>;
  close: () => void;
}

/** `second` takes what the first one blocks; for a channel that has it. */
export type Relay = 'first' | 'second';

export const serverOf = ({ config }: Mailbox, relay: Relay): MailServer =>
  relay === 'second' && config.relay ? config.relay : config.smtp;

/** Logged in at a vetted address, or by the mailbox's way; nothing has been sent yet. Throws channel.token, egress.blocked and upstream.unreachable with what is wrong. */
export async function openSmtp(egress: Egress, mailbox: Mailbox, relay: Relay = 'first'): Promise<SmtpSession> {
  const server = serverOf(mailbox, relay);
  const doors = await doorsTo(egress, mailbox, server);
  const login = relay === 'second' ? { password: mailbox.secret.relayPassword } : await mailLogin(egress, mailbox, 'smtp');
  // Some servers repeat what they were told.
  const cut = (error: unknown): unknown => errorWithout(error, Object.values(login));
  let failure: unknown = new Error('there is no address');
  for (const { host, dial } of doors) {
    const socket = await dial?.();
    const connection = new SMTPConnection({
      host,
      ...(socket ? { connection: socket } : {}),
      port: server.port,
      secure: server.security === 'tls',
      requireTLS: server.security === 'starttls',
      ignoreTLS: server.security === 'none',
      ...(isIP(server.host) === 0 ? { servername: server.host, tls: { servername: server.host } } : {}),
      name: mailbox.domain,
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: answerMs,
    });
    try {
      await connect(connection);
      await signIn(connection, server.user, login);
      const send = (mail: Parameters<SmtpSession['send']>[0]) =>
        sendOnce(connection, server, mail).catch((error: unknown) => Promise.reject(cut(error)));
      return { send, close: () => close(connection) };
    } catch (error) {
      failure = error;
      connection.close();
    }
  }
  throw cut(explainMailError(failure, { server, use: 'smtp' }));
}

const connect = (connection: SMTPConnection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });

/** A relay inside may ask for no password at all. */
function signIn(connection: SMTPConnection, user: string, login: MailLogin): Promise<void> {
  if (!connection.allowsAuth) return Promise.resolve();
  const credentials =
    'password' in login ? { user, pass: login.password } : { user, oauth2: new XOAuth2({ user, accessToken: login.accessToken }) };
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.login(credentials, (error) => (error ? reject(error) : resolve()));
  });
}

function sendOnce(
  connection: SMTPConnection,
  server: MailServer,
  { from, to, source }: { from: string; to: string; source: Buffer },
): Promise<string | null> {
  // A server acts on a mail only when its last line has come: before that, a cut means that nothing was sent.
  let wasComplete = false;
  const stream = Readable.from([source], { objectMode: false });
  stream.once('end', () => {
    wasComplete = true;
  });
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(explainSmtpFailure(error, { server, from, to, wasComplete }));
    connection.on('error', fail);
    connection.send({ from, to: [to], size: source.length }, stream, (error, info) => {
      if (error) fail(error);
      else resolve(info?.serverMessageId?.replaceAll(/[<>]/g, '') ?? null);
    });
  });
}

function close(connection: SMTPConnection): void {
  connection.removeAllListeners('error');
  connection.on('error', () => undefined);
  connection.quit();
}
