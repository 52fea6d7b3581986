import type { Socket } from 'node:net';
import type { Egress, Way } from '@holdfast/egress';
import { asHoldfastError, HoldfastError } from '@holdfast/errors';
import { wayOf, type Mailbox, type MailServer } from './mailbox-account.ts';

/** One place that a mail server may be found at. */
export interface Door {
  /** An address that was vetted; through a proxy the server's name. */
  host: string;
  /** Through a proxy: opens a connection to there. Throws what says which leg failed; nothing was sent then. */
  dial: (() => Promise<Socket>) | null;
}

/** A name with many addresses is tried at the first few. */
const mostAddresses = 3;

/** Where to connect to. Throws egress.blocked and upstream.unreachable. */
export async function doorsTo(egress: Egress, mailbox: Mailbox, server: MailServer): Promise<Door[]> {
  const way = isStraight(mailbox, server) ? null : wayOf(mailbox);
  if (way) return [{ host: server.host, dial: () => dialThrough(egress, way, server) }];
  return (await egress.vet(server.host, server.port)).slice(0, mostAddresses).map((address) => ({ host: address, dial: null }));
}

const isStraight = ({ config: { relay } }: Mailbox, server: MailServer): boolean => server === relay && relay.isStraight;

/** Whatever a proxy says against us, mails wait for it; a password that it does not take is a person's matter, as the mailbox's own is. */
async function dialThrough(egress: Egress, way: Way, { host, port }: MailServer): Promise<Socket> {
  try {
    return await egress.dialThrough(way, { host, port });
  } catch (thrown) {
    const { code, words } = asHoldfastError(thrown, 'upstream.unreachable');
    if (code === 'credential.attention')
      throw new HoldfastError('channel.token', {
        detail: words.detail,
        hint: 'Enter the user name and password of the proxy again: the channel’s menu, Way there.',
        path: 'via.password',
      });
    throw new HoldfastError('upstream.unreachable', {
      detail: words.detail,
      hint: 'Check that the proxy is running and lets us through to there, and the way of the channel.',
      path: 'via.url',
    });
  }
}
