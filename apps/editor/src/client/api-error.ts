import { problemDetails, type ProblemDetails } from '@holdfast/contracts';
import { z } from 'zod';

/** Every failed call of the API. `code` is from the error table, or `network.unreachable` when no answer came at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: ProblemDetails;

  constructor(problem: ProblemDetails) {
    super(`${problem.title}: ${problem.detail}`);
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

const madeHere = (facts: Pick<ProblemDetails, 'code' | 'title' | 'detail' | 'status'> & { hint: string }): ApiError =>
  new ApiError({ ...facts, requestId: '' });

export const unreachable = (): ApiError =>
  madeHere({
    code: 'network.unreachable',
    title: 'Holdfast does not answer',
    detail: 'The request got no answer.',
    hint: 'Check your connection; we try again by ourselves.',
    status: 0,
  });

/** The problem in an error answer; an answer that holds none (a proxy's page) is described by its status. */
export function errorFromAnswer(status: number, body: unknown): ApiError {
  const parsed = problemDetails.safeParse(body);
  if (parsed.success) return new ApiError(parsed.data);
  return madeHere({
    code: status === 503 || status === 502 ? 'network.unavailable' : 'internal',
    title: status === 503 || status === 502 ? 'Holdfast is not ready' : 'Something went wrong on our side',
    detail: `The answer had status ${status} and no explanation.`,
    hint: 'Try again in a moment.',
    status,
  });
}

/** Any thrown value as an ApiError, so that pages have one thing to show. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof z.core.$ZodError) return unknownAnswer(thrown);
  return madeHere({
    code: 'internal',
    title: 'Something went wrong in this page',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'Reload the page. If it comes back, tell whoever runs Holdfast what you did.',
    status: 0,
  });
}

/** An answer that breaks the contract: most likely the server was updated while this page was open. */
const unknownAnswer = ({ issues }: z.core.$ZodError): ApiError =>
  madeHere({
    code: 'internal',
    title: 'Something went wrong in this page',
    detail: `The server answered in a way that this page does not know (${issues[0]?.path.join('.') ?? ''}).`,
    hint: 'Reload the page: the server may be newer than it.',
    status: 0,
  });
