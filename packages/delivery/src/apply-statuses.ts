import type { InboundEvent } from '@holdfast/channels';
import {
  applyStatus,
  keepEarlyStatus,
  loadSendTarget,
  notifyLive,
  planAfterFailure,
  takeEarlyStatuses,
  type AppliedStatus,
  type Pool,
  type SendStatus,
} from '@holdfast/db';
import { learnFromCode } from './learn-from-code.ts';
import { slowDown } from './provider-call.ts';

/** What failed on its way for a reason that passes (a phone that is off, a full queue) is tried again so often, each time after a longer wait. */
export const waitsAfterFailureMs = [2 * 60_000, 15 * 60_000, 60 * 60_000] as const;

/** What came back blocked goes out by the channel’s other way, once; a little later, so that a second report about the first try has come. */
const otherWayAfterMs = 30_000;

/** A provider's status event as the ledger takes it; null for events that say nothing of a send. `accepted` says no more than the send's answer did. */
export function sendStatusOf(channel: { id: string; workspaceId: string }, event: InboundEvent): SendStatus | null {
  const { status: report } = event;
  if (event.kind !== 'status' || !report) return null;
  const { price, problem, reference } = report;
  return {
    workspaceId: channel.workspaceId,
    channelId: channel.id,
    providerMessageId: event.providerMessageId ?? null,
    reference: reference ?? null,
    status: report.status === 'accepted' ? 'sent' : report.status,
    at: event.sentAt,
    problem: problem ? { ...problem } : null,
    price: price
      ? {
          micro: price.amountMicro,
          currency: price.currency,
          detail: { category: price.category, isBillable: price.isBillable, ...(price.isEstimate ? { isEstimate: true } : {}) },
        }
      : null,
  };
}

/**
 * What a provider says of messages it took, in any order and as often as it likes. A report of a send that is not known (yet) is kept and applied when the
 * send's own answer is saved. Throws when the database does not answer: then the provider must report again.
 */
export async function applyStatuses(pool: Pool, reports: readonly SendStatus[]): Promise<void> {
  for (const report of reports) {
    const applied = await applyStatus(pool, report);
    if (applied) await learn(pool, report, applied);
    else await keepEarlyStatus(pool, report);
  }
}

/** After a send's answer is saved: reports that were faster than it. */
export async function applyEarlyStatuses(
  pool: Pool,
  send: { workspaceId: string; channelId: string; providerMessageId: string },
): Promise<void> {
  const early = await takeEarlyStatuses(pool, send);
  if (early.length > 0) await applyStatuses(pool, early);
}

async function learn(pool: Pool, report: SendStatus, applied: AppliedStatus): Promise<void> {
  if (!applied.isNew && !applied.isReconciled) return;
  const code = report.problem?.['code'];
  const detail = report.problem?.['detail'];
  if (report.status === 'failed' && typeof code === 'string') {
    await learnFromCode(pool, { ...report, ...applied, code, detail: typeof detail === 'string' ? detail : '' });
    if (code === 'upstream.limited') await slowDownBy(pool, report, applied);
    if (code === 'send.blocked' && report.problem?.['hasOtherWay'] === true)
      await planAfterFailure(pool, { workspaceId: report.workspaceId, messageId: applied.messageId, waitsMs: [otherWayAfterMs] });
    if (code === 'upstream.limited' || code === 'upstream.broken')
      await planAfterFailure(pool, { workspaceId: report.workspaceId, messageId: applied.messageId, waitsMs: waitsAfterFailureMs });
  }
  notifyLive(pool, report.workspaceId, { kind: 'message', conversation: applied.conversationId });
}

async function slowDownBy(pool: Pool, { workspaceId, problem }: SendStatus, { conversationId }: AppliedStatus): Promise<void> {
  const target = await loadSendTarget(pool, { workspaceId, conversationId });
  const asked = problem?.['retryAfterMs'];
  if (target)
    await slowDown(pool, target, { retryAfterMs: typeof asked === 'number' ? asked : undefined, scope: problem?.['scope'], attempt: 1 });
}
