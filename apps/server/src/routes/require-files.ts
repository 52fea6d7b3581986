import { findFiles, type Queryable } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { Attachment } from '@holdfast/node-kit';

/** Attachments name files of this workspace only: a guessed id of another must not travel with a message. */
export async function requireFiles(db: Queryable, workspaceId: string, attachments: readonly Attachment[] = []): Promise<void> {
  const ids = attachments.flatMap(({ fileId }) => (fileId === undefined ? [] : [fileId]));
  if (ids.length === 0) return;
  const known = new Set(await findFiles(db, { workspaceId, ids }));
  const index = attachments.findIndex(({ fileId }) => fileId !== undefined && !known.has(fileId));
  if (index >= 0)
    throw new HoldfastError('request.invalid', {
      detail: 'An attached file is not here.',
      hint: 'Upload it again.',
      path: `attachments.${index}.fileId`,
    });
}
