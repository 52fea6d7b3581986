import { createHash } from 'node:crypto';
import { insertFile, newId, type Queryable } from '@holdfast/db';

/** Our own copy of a customer's file, because a provider's link dies. Answers what its message says of it. */
export async function storeFile(
  db: Queryable,
  workspaceId: string,
  { name, mimeType, content }: { name: string | undefined; mimeType: string | undefined; content: Buffer },
): Promise<{ fileId: string; name: string; sizeBytes: number }> {
  const file = {
    id: newId('file'),
    workspaceId,
    name: fileName(name),
    // As its sender wrote it: what is no plain type could stand in no header, and a NUL not even in our database.
    mimeType: mimeType !== undefined && plainType.test(mimeType) ? mimeType : 'application/octet-stream',
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    content,
  };
  await insertFile(db, file);
  return { fileId: file.id, name: file.name, sizeBytes: file.sizeBytes };
}

const plainType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}(?:;[\x20-\x7e]{0,200})?$/;

// A name is shown and offered for download; paths, control characters and text direction overrides have no place in it.
const fileName = (given: string | undefined): string =>
  (given ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_')
    .slice(-120)
    .toWellFormed() || 'file';
