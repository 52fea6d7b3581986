import { RefusedError } from './refused-error.ts';

export const tooMany = (count: number, most: number): RefusedError =>
  new RefusedError({
    kind: 'too-many',
    constraint: null,
    table: null,
    columns: [],
    reason: `The change concerns ${count} rows, and this step may change ${most} at most. It was taken back.`,
  });
