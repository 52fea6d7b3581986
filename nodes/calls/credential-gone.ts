import type { CheckWorld, ConfigFinding } from '@holdfast/node-kit';
import { finding } from '../fields/finding.ts';

/** A call whose credential was removed since it was chosen. */
export const credentialGone = (credential: string | undefined, { credentials }: CheckWorld): ConfigFinding[] =>
  credential === undefined || credential === '' || credentials.some(({ id }) => id === credential)
    ? []
    : [
        finding(
          'credential',
          'The connection of this call does not exist any more.',
          'Choose another one, or add it again under Connections.',
        ),
      ];
