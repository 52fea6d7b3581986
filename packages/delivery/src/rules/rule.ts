import type { Purpose, SendTarget } from '@holdfast/db';
import type { ErrorCode, Words } from '@holdfast/errors';
import type { MessageTemplate, SendLimits } from '@holdfast/node-kit';

/** Everything that decides about one automated send, loaded in one query. */
export interface SendContext {
  target: SendTarget;
  /** Null for a channel without limits, as the simulator. */
  limits: SendLimits | null;
  purpose: Purpose;
  template: MessageTemplate | null;
  /** False once a piece of this message may have left: what only spaces messages out no longer counts, what forbids them does. */
  isFirst: boolean;
}

export interface Refusal {
  code: ErrorCode;
  reason: Words;
}

/** `tell`: people are told once an hour. */
export type Verdict =
  | ({ state: 'refused'; tell?: string } & Refusal)
  /** Not now: come again in `inMs`. */
  | ({ state: 'later'; inMs: number; tell?: string } & Refusal);

/** One rule; null: nothing against it. Pure. */
export type Rule = (context: SendContext) => Verdict | null;

export const dayMs = 86_400_000;

/** We write first: the customer said nothing in this conversation for a day. */
export const isInitiated = ({ now, lastInAt }: Pick<SendTarget, 'now' | 'lastInAt'>): boolean =>
  lastInAt === null || now.getTime() - lastInAt.getTime() > dayMs;

/** The same, and not yet counted as a person reached within the last 24 hours. */
export const isNewPerson = (target: Pick<SendTarget, 'now' | 'lastInAt' | 'initiatedAt'>): boolean =>
  isInitiated(target) && (target.initiatedAt === null || target.now.getTime() - target.initiatedAt.getTime() >= dayMs);
