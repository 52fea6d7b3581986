import type { OpenRun } from '@holdfast/db';

/** What a conversation's pending messages do now. */
export type ClaimDecision =
  | { act: 'inbox-only' }
  | { act: 'stay-pending' }
  | { act: 'doorbell'; runId: string }
  | { act: 'open-handoff'; run: OpenRun }
  | { act: 'start-run' };

/**
 * The table of the design, by what the conversation's runs are doing (newest first): held by a person → inbox only · executing → stays pending ·
 * asking → doorbell · paused or needs attention → a handoff opens · only waiting for time or events, or nothing → a new run. Pure.
 */
export function decideClaim(heldBy: 'bot' | 'person', runs: readonly OpenRun[]): ClaimDecision {
  if (heldBy === 'person') return { act: 'inbox-only' };
  // Held back sends and calls will go out by themselves, and the run goes on: it counts as executing.
  if (
    runs.some(
      (run) => run.status === 'running' || (run.status === 'waiting' && (run.waitingFor === 'send' || run.waitingFor === 'provider')),
    )
  )
    return { act: 'stay-pending' };
  const asking = runs.find((run) => run.waitingFor === 'reply' && run.status !== 'paused');
  if (asking) return { act: 'doorbell', runId: asking.id };
  const stuck = runs.find((run) => run.status === 'paused' || run.status === 'attention');
  if (stuck) return { act: 'open-handoff', run: stuck };
  return { act: 'start-run' };
}
