import { createHash } from 'node:crypto';
import { insertFile, newId } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { ChannelAccount, InboundAttachment } from './channel-adapter.ts';
import type { ReceiveDeps } from './receive-deps.ts';

const downloadMs = 20_000;

interface Source {
  /** The bytes of what the provider knows under this id. */
  download: (providerFileId: string, signal: AbortSignal) => Promise<Buffer>;
  maxBytes: number;
}

/** Our own copy, because a provider's link dies. What can't be fetched stays without: the message counts more than its file. */
export async function keepFile(
  deps: Pick<ReceiveDeps, 'pool' | 'log'>,
  account: Pick<ChannelAccount, 'id' | 'workspaceId'>,
  attachment: InboundAttachment,
  { download, maxBytes }: Source,
): Promise<InboundAttachment> {
  const { providerFileId, ...kept } = attachment;
  if (providerFileId === undefined || (kept.sizeBytes ?? 0) > maxBytes) return kept;
  try {
    const content = await download(providerFileId, AbortSignal.timeout(downloadMs));
    const file = {
      id: newId('file'),
      workspaceId: account.workspaceId,
      name: fileName(kept.name),
      mimeType: kept.mimeType ?? 'application/octet-stream',
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      content,
    };
    await insertFile(deps.pool, file);
    return { ...kept, name: file.name, fileId: file.id, sizeBytes: content.length };
  } catch (error) {
    deps.log.warn(
      {
        channel: account.id,
        code: error instanceof HoldfastError ? error.code : 'refused',
        detail: error instanceof Error ? error.message : '',
      },
      'A customer’s file could not be fetched; the message goes on without it.',
    );
    return kept;
  }
}

// A name is shown and offered for download; paths, control characters and text direction overrides have no place in it.
const fileName = (given: string | undefined): string => (given ?? '').replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').slice(-120) || 'file';
