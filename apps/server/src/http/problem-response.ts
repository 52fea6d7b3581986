import { HoldfastError, saidOf, say } from '@holdfast/errors';
import type { ProblemDetails } from '@holdfast/contracts';
import { ZodError } from 'zod';

/** Connection troubles as node-postgres and PostgreSQL report them. */
const databaseDown = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08006',
  '53300',
  '53100',
]);
const databaseDownTexts = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Connection ended unexpectedly',
  'Query read timeout',
];

/** Two callers at once, where each had looked before that nobody was first. */
const uniqueViolation = '23505';

/** Times that pass for one here and not in PostgreSQL: the year 0, an offset of 20 hours. We write none of these ourselves. */
const noSuchTime = new Set(['22007', '22008', '22009']);

/** Any thrown value as the error that the caller gets. What we didn't foresee says nothing about our inside. */
export function toRequestError(thrown: unknown): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown.code === 'internal' ? internalError(thrown) : thrown;
  if (thrown instanceof ZodError) return invalidRequest(thrown);
  if (thrown instanceof Error) {
    const code = 'code' in thrown ? String(thrown.code) : '';
    if (databaseDown.has(code) || databaseDownTexts.some((text) => thrown.message.includes(text))) {
      return new HoldfastError('database.unavailable', {
        detail: 'We could not reach the database, so nothing was changed.',
        hint: 'Try again in a moment.',
        retryAfterMs: 2_000,
        cause: thrown,
      });
    }
    if (code === uniqueViolation)
      return new HoldfastError('resource.conflict', {
        detail: 'Somebody saved the same at the same moment.',
        hint: 'Reload and look.',
        cause: thrown,
      });
    if (noSuchTime.has(code))
      return new HoldfastError('request.invalid', {
        detail: 'A time in this request does not exist.',
        hint: 'Write times like 2026-01-31T12:00:00Z.',
        cause: thrown,
      });
    if (thrown instanceof URIError) return new HoldfastError('request.malformed', { detail: 'The address holds a broken "%" code.' });
  }
  return internalError(thrown);
}

const internalError = (thrown: unknown) =>
  new HoldfastError('internal', {
    detail: 'We did not foresee this; it is in the log under this request’s id.',
    hint: 'Try again. When it stays, send us the request id.',
    cause: thrown,
  });

export function invalidRequest(error: ZodError): HoldfastError {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  const others = error.issues.length - 1;
  return new HoldfastError('request.invalid', {
    detail: say`${path === '' ? 'The request' : `"${path}"`}: ${issue?.message ?? 'does not fit'}${others > 0 ? say` (and ${others} more)` : ''}`,
    ...(path === '' ? {} : { path }),
    extra: { issues: error.issues.slice(0, 20).map((each) => ({ path: each.path.map(String).join('.'), message: each.message })) },
  });
}

export function toProblemDetails(error: HoldfastError, requestId: string): ProblemDetails {
  return {
    code: error.code,
    title: error.meaning.title,
    detail: error.detail,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.path === undefined ? {} : { path: error.path }),
    status: error.meaning.status,
    requestId,
    ...(error.extra === undefined ? {} : { extra: error.extra }),
    ...saidOf(error.words),
  };
}
