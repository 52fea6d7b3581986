import { testDatabase, testTemporal } from '@holdfast/test-kit';
import { expect, test } from 'vitest';
import { soakOptions } from '../options.ts';
import { channelSoak } from './channel-soak.ts';

test(
  'two workers answer what four channels deliver doubled and shuffled once each, bursts together, and repeat nothing whose answer was cut off',
  { timeout: 1_800_000 },
  async () => {
    const { channels } = soakOptions(['channels', '--quick']);
    if (!channels) throw new Error('The soak of the channels was not chosen.');
    const [database, temporal] = await Promise.all([testDatabase({ max: 1 }), testTemporal()]);
    const services = { databaseUrl: database.url, temporalAddress: temporal.address, temporalNamespace: temporal.namespace };
    try {
      const report = await channelSoak(services, channels, () => undefined);
      expect(report, JSON.stringify(report, null, 1)).toMatchObject({
        replies: { passed: true },
        bursts: { passed: true },
        cuts: { passed: true },
      });
    } finally {
      await database.close();
    }
  },
);
