import { inspect } from 'node:util';
import { HoldfastError } from '@holdfast/errors';

/** What an act failed with. Rejects where it did not fail, with an error that is not ours, or with one that holds the secret at any depth. */
export async function failureWithout(secret: string, act: Promise<unknown>): Promise<HoldfastError> {
  const thrown: unknown = await act.then(
    (answer) => new Error(`answered ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  if (!(thrown instanceof HoldfastError)) throw thrown;
  if (inspect(thrown, { depth: 9, showHidden: true }).includes(secret)) throw new Error(`The error "${thrown.code}" holds the secret.`);
  return thrown;
}
