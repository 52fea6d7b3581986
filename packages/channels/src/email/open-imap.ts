import { isIP } from 'node:net';
import type { Egress } from '@holdfast/egress';
import { ImapFlow } from 'imapflow';
import { explainMailError } from './explain-mail-error.ts';
import { mailLogin } from './mail-login.ts';
import { maxMailBytes } from './read-mail.ts';
import type { Mailbox } from './mailbox-account.ts';

const patienceMs = 15_000;
/** A name with many addresses is tried at the first few. */
const maxAddresses = 3;

/** A connection that is logged in, to an address that was vetted. Throws channel.token, egress.blocked or upstream.* with what is wrong. */
export async function openImap(egress: Egress, mailbox: Mailbox): Promise<ImapFlow> {
  const server = mailbox.config.imap;
  const addresses = (await egress.vet(server.host, server.port)).slice(0, maxAddresses);
  const login = await mailLogin(egress, mailbox, 'imap');
  let failure: unknown = new Error('there is no address');
  for (const address of addresses) {
    const client = new ImapFlow({
      host: address,
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
  throw explainMailError(failure, { server, use: 'imap' });
}
