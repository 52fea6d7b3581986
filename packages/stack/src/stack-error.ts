/** Something that starting needs is missing or in the way. The message is for people; `hint` says what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
  }
}

export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
