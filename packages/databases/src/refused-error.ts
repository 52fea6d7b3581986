import type { DatabaseRefusal } from '@holdfast/node-kit';

/** The values were not taken, and nothing was changed: an outcome for the flow, which leaves this package as one. */
export class RefusedError extends Error {
  readonly refusal: DatabaseRefusal;
  constructor(refusal: DatabaseRefusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}
