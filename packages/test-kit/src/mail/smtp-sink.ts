import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { refusals as wordsOf, type MailTroubles } from './mail-troubles.ts';

export interface TakenMail {
  from: string;
  to: string[];
  source: string;
  at: number;
}

export interface SmtpSink {
  port: number;
  taken: TakenMail[];
  logins: string[];
  /** Answers the next mails with this instead of taking them: at the recipient, or after the mail's last line. */
  refuse: (at: 'login' | 'sender' | 'recipient' | 'data', code: number, text: string) => void;
  /** The next mail's connection is cut: before its last line has come, or after the mail was taken and before the answer. */
  cut: (at: 'within-data' | 'before-answer') => void;
  close: () => Promise<void>;
}

export const smtpLogin = { user: 'support@kelp.test', password: 'a-password-of-the-tests' };

const refusal = ({ code, text }: { code: number; text: string }): Error => Object.assign(new Error(text), { responseCode: code });

/** A real SMTP server that takes every mail, until it is told to refuse, or as badly as its troubles say. */
export async function startSmtpSink(options: SMTPServerOptions = {}, troubles?: MailTroubles): Promise<SmtpSink> {
  const taken: TakenMail[] = [];
  const logins: string[] = [];
  const refusals: { at: string; code: number; text: string }[] = [];
  const cuts: string[] = [];
  /** By session. */
  const cutOf = new Map<string, string>();
  const refusalAt = (at: string): Error | null => {
    const index = refusals.findIndex((one) => one.at === at);
    const [found] = index < 0 ? [] : refusals.splice(index, 1);
    return found ? refusal(found) : null;
  };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: false,
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    size: 20 * 1024 * 1024,
    onAuth: ({ username, password: given, accessToken }, _session, done) => {
      logins.push(`${username}:${given ?? accessToken ?? ''}`);
      const isRight = username === smtpLogin.user && (given === smtpLogin.password || accessToken !== undefined);
      const refused = refusalAt('login');
      if (refused) return done(refused);
      return isRight ? done(null, { user: username }) : done(new Error('Invalid login'));
    },
    onMailFrom: (_address, _session, done) => done(refusalAt('sender')),
    onRcptTo: ({ address }, { id }, done) => {
      const trouble = troubles?.of(address) ?? null;
      if (trouble === 'busy' || trouble === 'put-off') return done(refusal(wordsOf[trouble]));
      if (trouble !== null) cutOf.set(id, trouble === 'cut-before' ? 'within-data' : 'before-answer');
      return done(refusalAt('recipient'));
    },
    onData: (stream, session, done) => {
      const cut = cutOf.get(session.id) ?? cuts.shift();
      cutOf.delete(session.id);
      const socket = [...server.connections].find((one) => one.id === session.id)?._socket;
      if (cut === 'within-data') return void socket?.destroy();
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const refused = refusalAt('data');
        if (refused) return done(refused);
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(parts).toString('latin1'),
          at: Date.now(),
        });
        return cut === 'before-answer' ? void socket?.destroy() : done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // as: it listens on TCP.
    port: (server.server.address() as AddressInfo).port,
    taken,
    logins,
    refuse: (at, code, text) => refusals.push({ at, code, text }),
    cut: (at) => cuts.push(at),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
