import { expect, test } from 'vitest';
import { soakOptions } from './options.ts';
import { soak } from './soak.ts';

test('answers every message once while app, Temporal and PostgreSQL are killed', { timeout: 900_000 }, async () => {
  const report = await soak(soakOptions(['--quick']), () => undefined);
  expect(report).toMatchObject({ acceptedTwice: [], outOfOrder: 0, runsWithoutCause: 0, kills: { app: 1, temporal: 1, postgres: 1 } });
  expect(report.accepted + report.unknown).toBe(report.messages);
  expect(report.unknown).toBeLessThanOrEqual(report.inFlightAtKills);
  expect(report.passed).toBe(true);
});
