import type { CheckWorld, ConfigFinding } from '@holdfast/node-kit';

/** What keeps a flow from going live, and what to do about it. */
export const finding = (field: string, reason: string, fix: string): ConfigFinding => ({ field, severity: 'error', reason, fix });

interface Chosen {
  credential: string;
  /** Only connections of these kinds will do. */
  kinds: readonly string[];
  /** What the step calls it: `The shop of this step`. */
  what?: string;
}

/** A connection that was removed since it was chosen; nothing while none is chosen. */
export const connectionGone = (
  { credential, kinds, what = 'The connection of this step' }: Chosen,
  { credentials }: Pick<CheckWorld, 'credentials'>,
): ConfigFinding[] =>
  credential === '' || credentials.some(({ id, kind }) => id === credential && kinds.includes(kind))
    ? []
    : [finding('credential', `${what} does not exist any more.`, 'Choose another one, or add it again under Connections.')];
