import { imapServers, smtpLogin, startSmtpSink, type ImapServer, type MailTroubles, type SmtpSink } from '@holdfast/test-kit/mail';

/** A mailbox to read from and a server that takes what is sent, as the product is told of them. */
export interface MailAccount {
  mailbox: ImapServer;
  sink: SmtpSink;
  /** The body of `POST /api/channels`. */
  channel: object;
  close: () => Promise<void>;
}

export async function openMailAccount(troubles?: MailTroubles): Promise<MailAccount> {
  const [kind] = await imapServers();
  if (!kind) throw new Error('There is no IMAP server to read from.');
  const [mailbox, sink] = [await kind.start(), await startSmtpSink({}, troubles)];
  const server = (port: number, user: string) => ({ host: '127.0.0.1', port, security: 'none', user });
  return {
    mailbox,
    sink,
    channel: {
      kind: 'email',
      name: 'Email',
      address: 'support@kelp.test',
      fromName: 'Kelp Shop',
      imap: server(mailbox.port, mailbox.user),
      smtp: server(sink.port, smtpLogin.user),
      password: smtpLogin.password,
      savesSent: false,
    },
    close: async () => {
      await mailbox.close();
      await sink.close();
    },
  };
}
