import {
  activeHandoffOf,
  cancelPlannedEffects,
  endHandoffRow,
  lockConversation,
  openKeptOf,
  releaseCallsOf,
  setConversationHolder,
  settleOverrides,
  type PoolClient,
} from '@holdfast/db';
import { fold, type JournalEntry } from '@holdfast/graph';
import type { JsonValue } from '@holdfast/node-kit';
import { applyOverride } from './apply-override.ts';
import { now } from './run-attempt.ts';
import type { RunSession } from './run-session.ts';

/** Applies what operators asked for, in their order, all in one transaction; what can't be done now is refused with its reason. */
export async function settlePendingOverrides(session: RunSession): Promise<void> {
  const { journal, run } = session;
  const isJumping = journal.overrides.some(({ action }) => action === 'jump');
  // What its steps keep is written with their end, and asked for below.
  if (isJumping) await journal.flush();
  const pending = journal.overrides;
  if (pending.length === 0) return;
  await journal.transaction(async (client) => {
    if (run.conversationId) await lockConversation(client, run.conversationId);
    const kept = isJumping ? await openKeptOf(client, run.id) : [];
    let state = journal.state;
    const made: JournalEntry[] = [];
    const dropped: string[] = [];
    const released: string[] = [];
    const settled: { id: string; refused: JsonValue }[] = [];
    for (const override of pending) {
      const applied = applyOverride({ runId: run.id, plan: journal.plan, state, override, at: now(), kept });
      if ('refused' in applied) {
        settled.push({ id: override.id, refused: { ...applied.refused } });
        continue;
      }
      state = fold(journal.plan, applied.entries, state);
      made.push(...applied.entries);
      dropped.push(...applied.dropped);
      released.push(...(applied.released ?? []));
      settled.push({ id: override.id, refused: null });
    }
    await settleOverrides(client, settled);
    if (dropped.length > 0) await dropSteps(client, session, dropped);
    const anew = made.flatMap((entry) => (entry.kind === 'retried' ? [entry.step] : []));
    const gone = [...dropped, ...anew, ...released];
    if (gone.length > 0) await releaseCallsOf(client, run.id, gone);
    return { entries: made, value: null };
  });
  journal.overrides = [];
  await session.deps.crashPoint?.('override-applied');
}

/** What steps had begun and no one will wait for: planned effects, and the handoffs that they had opened. */
async function dropSteps(client: PoolClient, { run }: RunSession, steps: string[]): Promise<void> {
  await cancelPlannedEffects(client, run.id, steps);
  if (!run.conversationId) return;
  const handoff = await activeHandoffOf(client, run.conversationId);
  if (!handoff?.stepId || handoff.runId !== run.id || !steps.includes(handoff.stepId)) return;
  // A person who has claimed it keeps the conversation until they give it back.
  if (handoff.status === 'claimed') return;
  await endHandoffRow(client, handoff.id, { status: 'closed', by: 'system', note: 'The run was sent on without it' });
  await setConversationHolder(client, run.conversationId, { heldBy: 'bot', userId: null });
}
