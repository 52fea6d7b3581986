import { codes, type CodeMeaning, type ErrorCode } from './codes.ts';

export interface ErrorFacts {
  /** What happened, with the values that matter; no secret. */
  detail: string;
  /** What the person can do now. */
  hint?: string;
  /** The field or step it is about. */
  path?: string;
  /** How long the other side asks us to wait. */
  retryAfterMs?: number;
  /** Further facts for the caller of the API: findings, or both sides of a conflict. */
  extra?: unknown;
  cause?: unknown;
}

/** What others say stands in it, and errors are stored: PostgreSQL takes neither NUL nor half a character. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();

/** The one error class. What crosses a process carries the code, never the class. */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly hint: string | undefined;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly extra: unknown;

  constructor(code: ErrorCode, facts: ErrorFacts) {
    const detail = storable(facts.detail);
    super(`${codes[code].title}: ${detail}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.detail = detail;
    this.hint = facts.hint === undefined ? undefined : storable(facts.hint);
    this.path = facts.path;
    this.retryAfterMs = facts.retryAfterMs;
    this.extra = facts.extra;
  }

  get meaning(): CodeMeaning {
    return codes[this.code];
  }
}

/** An error as it is stored, sent and shown (RFC 9457 problem details without the HTTP part). */
export interface Problem {
  code: ErrorCode;
  title: string;
  detail: string;
  hint?: string;
  path?: string;
}

export const toProblem = (error: HoldfastError): Problem => {
  const hint = error.hint ?? error.meaning.hint;
  return {
    code: error.code,
    title: error.meaning.title,
    detail: error.detail,
    ...(hint === undefined ? {} : { hint }),
    ...(error.path === undefined ? {} : { path: error.path }),
  };
};

/** Any thrown value as a HoldfastError; what is foreign becomes `fallback`. */
export const asHoldfastError = (thrown: unknown, fallback: ErrorCode = 'internal'): HoldfastError =>
  thrown instanceof HoldfastError
    ? thrown
    : new HoldfastError(fallback, { detail: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown });
