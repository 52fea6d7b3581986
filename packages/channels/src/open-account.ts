import type { ChannelSecret } from '@holdfast/db';
import type { ChannelAccount } from './channel-adapter.ts';
import type { Log } from './receive-deps.ts';

interface OpenDeps {
  /** Opens a channel's secret (packages/secrets). */
  openSecret: (sealed: { secret: Buffer; keyId: string }) => string;
  log: Log;
}

/** Null when its secret can't be opened: another key sealed it. */
export function openAccount({ openSecret, log }: OpenDeps, row: ChannelSecret): ChannelAccount | null {
  const { id, workspaceId, kind, name, config, secret, keyId } = row;
  try {
    return { id, workspaceId, kind, name, config, secret: secret && keyId ? openSecret({ secret, keyId }) : null };
  } catch (error) {
    log.error({ channel: id, err: error }, 'The secret of a channel can’t be opened.');
    return null;
  }
}
