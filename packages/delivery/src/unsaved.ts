import type { PieceSettlement, PoolClient } from '@holdfast/db';
import type { DeliveryDeps } from './deps.ts';
import { settle } from './settle.ts';

/** What this process knows of a row that the database may still show as dispatching: an answer, or that nothing was ever written. */
export interface Unsaved {
  settlement: PieceSettlement;
  /** Steps save theirs at their next attempt, under GUARD; people's messages at the dispatcher's next look. */
  conversationId: string | null;
}

/** With the knowledge that the instance's parts share. It dies with the process. */
export type OwnDeps = DeliveryDeps & {
  /** When it dies, nobody knows: unknown. */
  unsaved: Map<string, Unsaved>;
  /** Until when customers are still shown that somebody is typing: by conversation, by this process's monotonic clock. Their next message ends it. */
  typing: Map<string, number>;
};

/** Before anything else about a step's send: what an earlier attempt here could not save. Throws when the database is still away. */
export async function saveStepKnowledge(deps: OwnDeps, key: string, guard: (client: PoolClient) => Promise<void>): Promise<void> {
  const known = [...deps.unsaved].filter(
    ([one, { conversationId }]) => conversationId === null && (one === key || one.startsWith(`${key}#`)),
  );
  for (const [one, { settlement }] of known) {
    await settle(deps, settlement, guard);
    deps.unsaved.delete(one);
  }
}

/** The same for people's messages, but for conversations that are being written to just now. */
export async function saveHumanKnowledge(deps: OwnDeps, isUnderway: (conversationId: string) => boolean): Promise<void> {
  for (const [key, { settlement, conversationId }] of deps.unsaved) {
    if (conversationId === null || isUnderway(conversationId)) continue;
    await settle(deps, settlement);
    deps.unsaved.delete(key);
  }
}
