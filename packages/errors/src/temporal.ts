import { ApplicationFailure } from '@temporalio/common';
import type { HoldfastError } from './holdfast-error.ts';

/**
 * An error on its way through Temporal: the failure's type is our code. Only the title travels, since a history must hold
 * no customer text; the detail stands in the journal.
 */
export function toFailure(error: HoldfastError, nextRetryDelayMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.code,
    message: error.meaning.title,
    nonRetryable: error.meaning.retry !== 'later',
    ...(nextRetryDelayMs === undefined ? {} : { nextRetryDelay: nextRetryDelayMs }),
  });
}
