import { ImapFlow } from 'imapflow';

/** A real IMAP server with one user, on a real socket. */
export interface ImapServer {
  port: number;
  user: string;
  password: string;
  close: () => Promise<void>;
}

/** An IMAP server that a test file runs against. `start` makes an empty one; `without` leaves out capabilities where the server can. */
export interface ImapServerKind {
  name: string;
  start: (options?: { without?: string[] }) => Promise<ImapServer>;
}

export interface MailInFolder {
  uid: number;
  source: string;
  /** In small letters: servers differ, and the case means nothing. */
  flags: string[];
}

async function withClient<T>({ port, user, password }: ImapServer, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout().catch(() => client.close());
  }
}

/** Puts mails into a folder, as a delivering server would, now or as if it had been `at`: whoever idles there is told. */
export const deliverMail = (server: ImapServer, mails: readonly (string | Buffer)[], folder = 'INBOX', at?: Date): Promise<void> =>
  withClient(server, async (client) => {
    for (const mail of mails) await client.append(folder, mail, [], at);
  });

export const readMails = (server: ImapServer, folder = 'INBOX'): Promise<MailInFolder[]> =>
  withClient(server, async (client) => {
    const { exists } = await client.mailboxOpen(folder, { readOnly: true });
    if (exists === 0) return [];
    const found = await client.fetchAll('1:*', { uid: true, source: true, flags: true });
    return found.map(({ uid, source, flags }) => ({
      uid,
      source: source?.toString('latin1') ?? '',
      flags: [...(flags ?? [])].map((flag) => flag.toLowerCase()),
    }));
  });

export const createFolder = (server: ImapServer, folder: string): Promise<void> =>
  withClient(server, async (client) => {
    await client.mailboxCreate(folder);
  });
