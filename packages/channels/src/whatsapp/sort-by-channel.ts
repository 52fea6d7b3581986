import { listChannelsOfKind, type Pool } from '@holdfast/db';
import type { ChannelAccount } from '../channel-adapter.ts';
import { openAccount } from '../open-account.ts';
import type { Log } from '../receive-deps.ts';
import { secretsOf } from './account.ts';
import type { Change } from './parse-update.ts';

export interface SiblingDeps {
  pool: Pool;
  log: Log;
  openSecret: (sealed: { secret: Buffer; keyId: string }) => string;
}

interface Sorted {
  channel: ChannelAccount;
  changes: Change[];
}

/**
 * Meta has one address for all numbers of an app, so a call may be about another channel of this workspace: one whose app has the same
 * secret, since that is what was proven. What concerns a whole business account goes to each of its channels. Others' numbers are left.
 */
export async function sortByChannel(deps: SiblingDeps, account: ChannelAccount, changes: readonly Change[]): Promise<Sorted[]> {
  const isOwn = (change: Change) => change.phoneNumberId !== null && change.phoneNumberId === account.config['phoneNumberId'];
  const all = changes.every(isOwn) ? [account] : [account, ...(await siblingsOf(deps, account))];
  return all
    .map((channel) => ({ channel, changes: changes.filter((change) => concerns(change, channel)) }))
    .filter(({ changes: own }) => own.length > 0);
}

const concerns = ({ phoneNumberId, wabaId }: Change, { config }: ChannelAccount): boolean =>
  phoneNumberId === null ? wabaId === config['wabaId'] : phoneNumberId === config['phoneNumberId'];

async function siblingsOf(deps: SiblingDeps, account: ChannelAccount): Promise<ChannelAccount[]> {
  const rows = await listChannelsOfKind(deps.pool, { workspaceId: account.workspaceId, kind: 'whatsapp' });
  const { appSecret } = secretsOf(account);
  return rows
    .filter(({ id }) => id !== account.id)
    .flatMap((row) => openAccount(deps, row) ?? [])
    .filter((sibling) => secretsOf(sibling).appSecret === appSecret);
}
