import { mirrorLayout } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { Session } from './target.ts';

/** Two stores in one mirror would take out each other's rows. Throws mirror.taken. */
export function refuseForeign(found: string | undefined, session: Session & { takesOver: boolean }): void {
  if (found === undefined || found === session.source || session.takesOver) return;
  throw new HoldfastError('mirror.taken', {
    detail:
      'That database holds the mirror of another store: another workspace’s, another Holdfast’s, or this one’s before a restore. Nothing was changed there.',
    hint: 'Choose another database or schema. If that mirror is not needed any more, press “Sync from the start again”: it then becomes this store’s.',
  });
}

/** What the control row says to a session that goes on. Throws mirror.taken and mirror.changed. */
export function currentOf(row: { source: string; layout: number } | undefined, session: Session): { isCurrent: boolean } {
  if (!row)
    throw new HoldfastError('mirror.changed', {
      detail: 'The mirror’s own note of how far it is was removed there.',
      hint: 'Press “Sync from the start again”: all rows are copied once more.',
    });
  refuseForeign(row.source, { ...session, takesOver: false });
  return { isCurrent: Number(row.layout) === mirrorLayout };
}
