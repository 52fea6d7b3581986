import { loadFlowView, updateDraft, type Queryable } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { FlowFile } from '@holdfast/graph';

export interface DraftSave {
  workspaceId: string;
  flowId: string;
  /** The revision that was edited. */
  revision: number;
  file: FlowFile;
  by: string;
}

/** Saves a draft. Throws `resource.conflict` with both sides when somebody saved since; saving the same content again is no conflict. */
export async function saveDraft(db: Queryable, save: DraftSave): Promise<{ revision: number; savedAt: string }> {
  const saved = await updateDraft(db, {
    workspaceId: save.workspaceId,
    id: save.flowId,
    revision: save.revision,
    draft: save.file,
    by: save.by,
  });
  if (saved) return saved;
  const theirs = await loadFlowView(db, { workspaceId: save.workspaceId, id: save.flowId });
  if (!theirs) throw new HoldfastError('resource.missing', { detail: 'This flow was archived in the meantime.' });
  throw new HoldfastError('resource.conflict', {
    detail: say`You edited revision ${save.revision}; ${theirs.updatedBy ?? 'somebody'} saved revision ${theirs.revision} in the meantime. Yours is not saved.`,
    hint: 'Compare both, then keep one of them.',
    extra: {
      theirs: { file: theirs.draft, revision: theirs.revision, savedAt: theirs.updatedAt, savedBy: theirs.updatedBy },
      yours: { file: save.file, revision: save.revision },
    },
  });
}
