import { holdSend as hold, type Pool } from '@holdfast/db';
import type { ErrorCode } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';

/** Whoever resumes or mends the channel rings; without that ring a send comes by itself, the longer it has waited the more seldom. */
const looks = { firstMs: 10_000, lastMs: 300_000 } as const;

/** The channel is what it waits for: paused by a person, given up by its provider for now, or without a token that is taken. */
const held = { 'upstream.paused': 'until-rung', 'channel.token': 'until-rung', 'upstream.down': 'until-then' } as const;
export const isHeld = (code: ErrorCode): code is keyof typeof held => Object.hasOwn(held, code);

interface HeldSend {
  runId: string;
  stepId: string;
  conversationId: string;
  turn: Date;
  code: ErrorCode;
  notBefore: Date;
}

/** A send waits in the queue of its channel, in the order in which runs began, where people see it. */
export async function holdSend(pool: Pool, { notBefore, code, ...send }: HeldSend): Promise<{ notBefore: Date; facts: JsonObject }> {
  const isTimed = isHeld(code) && held[code] === 'until-then';
  const forMs = isTimed ? Math.max(0, notBefore.getTime() - Date.now()) : looks.lastMs;
  const { heldMs, provider } = await hold(pool, { ...send, code, forMs });
  const facts = { provider };
  if (isTimed) return { notBefore, facts };
  return { notBefore: new Date(Date.now() + Math.min(looks.lastMs, Math.max(looks.firstMs, heldMs / 2))), facts };
}
