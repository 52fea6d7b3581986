import { codes, type CodeMeaning, type ErrorCode } from './codes.ts';
import { mapWords, Said, type Saying, type Words } from './say.ts';

export interface ErrorFacts {
  /** What happened, with the values that matter (`say`); no secret. */
  detail: Words;
  /** What the person can do now. */
  hint?: Words;
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
  /** The same detail and hint with how they were made: for whoever writes them into another sentence. */
  readonly words: { readonly detail: Words; readonly hint: Words | undefined };

  constructor(code: ErrorCode, facts: ErrorFacts) {
    const detail = mapWords(facts.detail, storable);
    const hint = facts.hint === undefined ? undefined : mapWords(facts.hint, storable);
    super(`${codes[code].title}: ${String(detail)}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.words = { detail, hint };
    this.detail = String(detail);
    this.hint = hint === undefined ? undefined : String(hint);
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
  /** How the sentences were made, where values stand in them. */
  said?: SaidParts;
}

/** A type, not an interface: it is stored as JSON. */
export type SaidParts = { detail?: Saying; hint?: Saying };

/** What of an error's words can be said in another language by more than its text. */
export function saidOf({ detail, hint }: { detail: Words; hint?: Words | undefined }): { said?: SaidParts } {
  const said = { ...(detail instanceof Said ? { detail: detail.saying } : {}), ...(hint instanceof Said ? { hint: hint.saying } : {}) };
  return Object.keys(said).length === 0 ? {} : { said };
}

export const toProblem = (error: HoldfastError): Problem => {
  const hint = error.hint ?? error.meaning.hint;
  return {
    code: error.code,
    title: error.meaning.title,
    detail: error.detail,
    ...(hint === undefined ? {} : { hint }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...saidOf(error.words),
  };
};

/** Any thrown value as a HoldfastError; what is foreign becomes `fallback`. */
export const asHoldfastError = (thrown: unknown, fallback: ErrorCode = 'internal'): HoldfastError =>
  thrown instanceof HoldfastError
    ? thrown
    : new HoldfastError(fallback, { detail: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown });
