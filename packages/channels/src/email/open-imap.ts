import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { errorWithout, type Egress } from '@holdfast/egress';
import { ImapFlow, type ImapTransport, type ImapTransportOptions } from 'imapflow';
import { doorsTo } from './doors-to-mail.ts';
import { explainMailError } from './explain-mail-error.ts';
import { mailLogin } from './mail-login.ts';
import { maxMailBytes } from './read-mail.ts';
import type { Mailbox } from './mailbox-account.ts';

const patienceMs = 15_000;

/** A connection that is logged in, to an address that was vetted or by the mailbox's way. Throws channel.token, egress.blocked or upstream.* with what is wrong. */
export async function openImap(egress: Egress, mailbox: Mailbox): Promise<ImapFlow> {
  const server = mailbox.config.imap;
  const doors = await doorsTo(egress, mailbox, server);
  const login = await mailLogin(egress, mailbox, 'imap');
  let failure: unknown = new Error('there is no address');
  for (const { host, dial } of doors) {
    const socket = await dial?.();
    const client = new ImapFlow({
      host,
      port: server.port,
      secure: server.security === 'tls',
      doSTARTTLS: server.security === 'none' ? false : server.security === 'starttls' ? true : undefined,
      auth: { user: server.user, ...('password' in login ? { pass: login.password } : { accessToken: login.accessToken }) },
      ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
      logger: false,
      clientInfo: { name: 'Holdfast' },
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      // Providers end an IDLE after 29 minutes at the latest, and middle boxes forget a silent connection long before.
      maxIdleTime: 4 * 60_000,
      missingIdleCommand: 'NOOP',
      disableAutoIdle: true,
      maxLiteralSize: maxMailBytes * 2,
      ...(socket ? { transport: over(socket) } : {}),
    });
    // Without a listener an error after the connection was made would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      failure = error;
      client.close();
    }
  }
  // Some servers repeat the whole line that they did not like.
  throw errorWithout(explainMailError(failure, { server, use: 'imap' }), Object.values(login));
}

/** TLS from end to end, as without a proxy: the server proves the name that people gave. */
const over = (socket: Socket): ImapTransport => ({
  connect: ({ secure, ...options }, onConnect) => {
    if (secure) return secured(socket, options, onConnect);
    setImmediate(onConnect);
    return socket;
  },
  upgrade: (plain, options, onSecure) => secured(plain, options, onSecure),
});

const secured = (socket: Duplex, { host, port, servername, tls }: ImapTransportOptions, onSecure: () => void): TLSSocket =>
  connectTls({ ...tls, socket, host, port, ...(servername === undefined ? {} : { servername }) }, onSecure);
