import { HoldfastError, type Words } from '@holdfast/errors';
import { fileIdOf } from '@holdfast/node-kit';

/** The id of the file that a setting names. Throws step.config where it names none: `detail` says so. */
export function chosenFile(given: unknown, { path, detail = 'This value is no file.' }: { path: string; detail?: Words }): string {
  const id = fileIdOf(given);
  if (id !== null) return id;
  throw new HoldfastError('step.config', {
    detail,
    hint: 'Choose a file that an earlier step made or that came with a message.',
    path,
  });
}
