export interface Limits {
  /** Name look-up, TCP and TLS together. */
  connectMs: number;
  /** From the last byte written to the first line of the answer. */
  headersMs: number;
  /** Between two pieces of the answer. */
  idleMs: number;
  /** The whole attempt, redirects included; what cuts an answer that only drips. */
  totalMs: number;
  /** Of the answer's body, as it comes and again as it unpacks. */
  bodyBytes: number;
  headerBytes: number;
  redirects: number;
}

export const defaultLimits: Limits = {
  connectMs: 5_000,
  headersMs: 30_000,
  idleMs: 15_000,
  totalMs: 30_000,
  bodyBytes: 2 * 1024 * 1024,
  headerBytes: 64 * 1024,
  redirects: 5,
};

/** In place of `bodyBytes` where the answer is wanted as bytes: a file. */
export const fileBytes = 25 * 1024 * 1024;
