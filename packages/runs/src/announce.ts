import { insertAlert, isBeingRepaired, newId, type Queryable } from '@holdfast/db';

/** Tells staff of a handoff, in the transaction that opens it. */
export async function announceHandoff(
  db: Queryable,
  given: { workspaceId: string; handoffId: string; reason: string; contactName: string },
): Promise<void> {
  await insertAlert(db, {
    id: newId('alert'),
    workspaceId: given.workspaceId,
    event: 'handoff.opened',
    subject: given.handoffId,
    title: given.contactName === '' ? 'A customer needs a person' : `${given.contactName} needs a person`,
    detail: given.reason,
    link: `/inbox/${given.handoffId}`,
  });
}

/** Tells staff of a run that stands still, in the transaction that notes it. Whoever repairs many at once sees there what failed again. */
export async function announceAttention(
  db: Queryable,
  given: { workspaceId: string; runId: string; flowName: string; nodeName: string; title: string; detail: string },
): Promise<void> {
  if (await isBeingRepaired(db, given.runId)) return;
  const where = given.nodeName === '' ? given.flowName : `${given.flowName}, step “${given.nodeName}”`;
  await insertAlert(db, {
    id: newId('alert'),
    workspaceId: given.workspaceId,
    event: 'run.attention',
    subject: given.runId,
    title: `${where} needs you: ${given.title}`,
    detail: given.detail,
    link: `/runs/${given.runId}`,
  });
}
