import { HoldfastError, type ErrorCode } from '@holdfast/errors';

/** What a thread answers: errors of ours don't arrive as such on the other side. */
export type ThreadOutcome<Value> = { value: Value } | { code: ErrorCode; detail: string; hint?: string };

export async function asOutcome<Value>(work: () => Value | Promise<Value>): Promise<ThreadOutcome<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const { code, detail, hint } = error;
    return { code, detail, ...(hint === undefined ? {} : { hint }) };
  }
}

export function valueOf<Value>(outcome: ThreadOutcome<Value>): Value {
  if ('value' in outcome) return outcome.value;
  throw new HoldfastError(outcome.code, outcome);
}
