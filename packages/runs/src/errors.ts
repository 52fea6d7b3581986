import { asHoldfastError, type ErrorCode, HoldfastError, say, toProblem, type Words } from '@holdfast/errors';
import type { Entry } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';

/** Nothing was done and no attempt is counted: come again at `notBefore`; null waits for a doorbell. */
export class Later extends Error {
  readonly notBefore: Date | null;
  readonly code: ErrorCode;
  readonly reason: Words;
  /** Kept with the step until it is tried again. */
  readonly facts: JsonObject;

  constructor(given: { notBefore: Date | null; code: Later['code']; reason: Words; facts?: JsonObject }) {
    super(String(given.reason));
    this.facts = given.facts ?? {};
    this.notBefore = given.notBefore;
    this.code = given.code;
    this.reason = given.reason;
  }
}

export const superseded = (runId: string): HoldfastError =>
  new HoldfastError('run.superseded', { detail: say`Another process took over ${runId}.` });

export const isSuperseded = (error: unknown): boolean => error instanceof HoldfastError && error.code === 'run.superseded';

/** As the journal keeps it. */
export const journalProblemOf = (error: unknown): Entry<'step-failed'>['problem'] => toProblem(asHoldfastError(error, 'step.crashed'));

type JournalProblem = Entry<'step-failed'>['problem'];

export const problemJson = (error: unknown): JsonObject => asJson(journalProblemOf(error));

/** Without the fields that are not there. */
export const asJson = ({ code, title, detail, hint, path, said }: JournalProblem): JsonObject => ({
  code,
  title,
  detail,
  ...(hint === undefined ? {} : { hint }),
  ...(path === undefined ? {} : { path }),
  ...(said === undefined ? {} : { said: { ...said } }),
});
