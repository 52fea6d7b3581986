import type { CheckWorld, ConfigFinding } from '@holdfast/node-kit';

/** A call whose credential was removed since it was chosen. */
export const credentialGone = (credential: string | undefined, { credentials }: CheckWorld): ConfigFinding[] =>
  credential === undefined || credential === '' || credentials.some(({ id }) => id === credential)
    ? []
    : [
        {
          field: 'credential',
          severity: 'error',
          reason: 'The credential of this call does not exist any more.',
          fix: 'Choose another credential, or add it again under Connections.',
        },
      ];
