import type { SendPieceRow, SendTarget } from '@holdfast/db';
import { codes, type ErrorCode, type Words } from '@holdfast/errors';
import type { Refusal, Verdict } from './rules/rule.ts';
import type { StepSendResult } from './step-send.ts';
import { tellPeople } from './turn.ts';
import type { OwnDeps } from './unsaved.ts';

/** What a step is told of a verdict, and people with it where the rule wants that. */
export async function answerOf(deps: OwnDeps, target: SendTarget, verdict: Verdict, messageId: string | null): Promise<StepSendResult> {
  if (verdict.tell !== undefined)
    await tellPeople(deps.pool, target, { title: `${codes[verdict.code].title} ("${target.name}")`, detail: verdict.tell });
  return resultOf(verdict, messageId);
}

export const resultOf = (verdict: Verdict, messageId: string | null): StepSendResult =>
  verdict.state === 'later'
    ? putOff(verdict)
    : { state: 'refused', messageId: messageId ?? '', code: verdict.code, reason: String(verdict.reason) };

export const putOff = ({ inMs, code, reason }: { inMs: number; code: ErrorCode; reason: Words }): StepSendResult => ({
  state: 'later',
  notBefore: new Date(Date.now() + inMs),
  code,
  reason,
});

export const refused = (rows: SendPieceRow[], refusal: Refusal): StepSendResult => ({
  state: 'refused',
  messageId: rows[0]?.messageId ?? '',
  code: refusal.code,
  reason: String(refusal.reason),
});
