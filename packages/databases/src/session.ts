import type { DatabaseAnswer, DatabaseRequest, SqlStatement } from '@holdfast/node-kit';

/** One statement, read and checked. */
export interface Work extends Pick<DatabaseRequest, 'operation' | 'values' | 'mostRows' | 'timeoutMs'> {
  statement: SqlStatement;
  /** Its time is over, or nobody waits for it any more. */
  signal: AbortSignal;
}

/** A connection to a database. */
export interface Session {
  /** What answered, for people. */
  check: () => Promise<string>;
  /**
   * Throws HoldfastError: upstream.ambiguous only when a change was to be kept and nobody knows whether it was; after every other one nothing was changed.
   */
  run: (work: Work) => Promise<DatabaseAnswer>;
  /** Ready for whoever comes next; false when it can't be. */
  tidy: () => Promise<boolean>;
  close: () => Promise<void>;
}

/** An answer holds no more text than this, whatever the rows are. */
export const maxAnswerBytes = 1_000_000;
