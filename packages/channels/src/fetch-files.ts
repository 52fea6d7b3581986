import { setTimeout as wait } from 'node:timers/promises';
import {
  attachInboundFile,
  endInboundFile,
  lockConversation,
  notifyLive,
  postponeInboundFile,
  takeDueFiles,
  transaction,
  wakeAfterFiles,
  type DueFile,
  type Pool,
} from '@holdfast/db';
import { asHoldfastError, HoldfastError } from '@holdfast/errors';
import { attachment } from '@holdfast/node-kit';
import type { Adapters } from './create-adapters.ts';
import { openAccount } from './open-account.ts';
import type { Log } from './receive-deps.ts';
import { storeFile } from './store-file.ts';
import type { WatchDeps } from './watch-channels.ts';

export interface FileFetchingDeps extends Pick<WatchDeps, 'openSecret'> {
  pool: Pool;
  log: Log;
  adapters: Adapters;
  /** A conversation's messages can be read now, or in so many milliseconds. */
  onReady: (conversationId: string, inMs: number) => void;
  /** How often it is looked for what nobody rang for; 2 s when left out. */
  lookEveryMs?: number;
}

const atOnce = 8;
const downloadMs = 20_000;
/** Longer than a download and its saving: whoever has not ended it by then has died. */
const leaseMs = 60_000;
const firstPauseMs = 1_000;
const longestPauseMs = 15 * 60_000;
const givesUpAfterMs = 24 * 3_600_000;

export interface FileFetching {
  /** A message with files came in: look now. */
  ring: () => void;
  /** Ends what is under way: somebody else fetches it. */
  stop: () => Promise<void>;
}

/**
 * Fetches customers' files from their providers after their messages are committed, so that no provider waits for its own file. Several processes may do this;
 * each file is fetched by one of them, and tried again for a day.
 */
export function startFileFetching(deps: FileFetchingDeps): FileFetching {
  const stopping = new AbortController();
  const underway = new Set<Promise<void>>();
  let bell = new AbortController();
  const look = async (): Promise<void> => {
    const due = await takeDueFiles(deps.pool, { limit: atOnce - underway.size, leaseMs });
    for (const file of due) {
      const fetching = fetchFile(deps, file, stopping.signal).catch((error: unknown) =>
        deps.log.warn({ message: file.messageId, err: error }, 'A customer’s file could not be saved; trying again.'),
      );
      underway.add(fetching);
      void fetching.finally(() => {
        underway.delete(fetching);
        bell.abort();
      });
    }
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      bell = new AbortController();
      if (underway.size < atOnce)
        await look().catch((error: unknown) => deps.log.warn({ err: error }, 'Files to fetch could not be read; trying again.'));
      const woken = AbortSignal.any([stopping.signal, bell.signal]);
      await wait(deps.lookEveryMs ?? 2_000, undefined, { signal: woken }).catch(() => undefined);
    }
  })();
  return {
    ring: () => bell.abort(),
    stop: async () => {
      stopping.abort();
      await running;
      await Promise.all(underway);
    },
  };
}

async function fetchFile(deps: FileFetchingDeps, file: DueFile, stopping: AbortSignal): Promise<void> {
  const { pool, log } = deps;
  const about = attachment.safeParse(file.attachment).data;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(downloadMs)]);
  const content = await download(deps, file, { sizeBytes: about?.sizeBytes ?? 0, signal }).catch((error: unknown) =>
    asHoldfastError(error, 'upstream.broken'),
  );
  if (!(content instanceof HoldfastError)) return save(deps, file, { name: about?.name, mimeType: about?.mimeType, content });
  log.warn({ channel: file.channel.id, code: content.code, detail: content.detail }, 'A customer’s file could not be fetched.');
  const pauseMs = content.retryAfterMs ?? Math.min(longestPauseMs, firstPauseMs * 3 ** (file.attempt - 1));
  if (isHopeless(content) || file.ageMs + pauseMs > givesUpAfterMs) return save(deps, file, null);
  await postponeInboundFile(pool, file, pauseMs);
  await wake(deps, file.conversationId);
}

/** A token can be renewed and a provider comes back; a file that is gone or too large stays so. */
const isHopeless = ({ code }: HoldfastError): boolean =>
  code === 'channel.content' || code === 'upstream.too-large' || code === 'resource.missing';

async function download(
  { adapters, ...deps }: FileFetchingDeps,
  file: DueFile,
  { sizeBytes, signal }: { sizeBytes: number; signal: AbortSignal },
): Promise<Buffer> {
  const files = adapters(file.channel.kind)?.files;
  const account = openAccount(deps, file.channel);
  if (!files) throw new HoldfastError('resource.missing', { detail: 'This channel has no files.' });
  if (!account) throw new HoldfastError('channel.token', { detail: 'The channel’s secret can’t be opened.' });
  if (sizeBytes > files.maxBytes) throw new HoldfastError('upstream.too-large', { detail: 'The file is larger than what is kept.' });
  return files.download({ account, providerFileId: file.providerFileId, signal });
}

/** Null: it will never be ours; the message counts more than its file. */
async function save(
  deps: FileFetchingDeps,
  file: DueFile,
  got: { name: string | undefined; mimeType: string | undefined; content: Buffer } | null,
): Promise<void> {
  const { workspaceId } = file.channel;
  await transaction(deps.pool, async (client) => {
    await lockConversation(client, file.conversationId);
    const isWanted = await endInboundFile(client, file);
    if (isWanted && got) await attachInboundFile(client, file, await storeFile(client, workspaceId, got));
  });
  notifyLive(deps.pool, workspaceId, { kind: 'message', conversation: file.conversationId });
  await wake(deps, file.conversationId);
}

async function wake({ pool, onReady }: FileFetchingDeps, conversationId: string): Promise<void> {
  const inMs = await wakeAfterFiles(pool, conversationId);
  if (inMs !== null) onReady(conversationId, inMs);
}
