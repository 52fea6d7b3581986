import { expect, test } from 'vitest';
import { expressSoak } from './express-soak.ts';
import { soakOptions, type Soaks } from './options.ts';
import { soak } from './soak.ts';

const chosen = <N extends keyof Soaks>(name: N): NonNullable<Soaks[N]> => {
  const options = soakOptions([name, '--quick'])[name];
  if (!options) throw new Error(`The soak "${name}" was not chosen.`);
  return options;
};

test('answers every message once while app, Temporal and PostgreSQL are killed', { timeout: 900_000 }, async () => {
  const report = await soak(chosen('telegram'), () => undefined);
  expect(report).toMatchObject({ acceptedTwice: [], outOfOrder: 0, runsWithoutCause: 0, kills: { app: 1, temporal: 1, postgres: 1 } });
  expect(report.accepted + report.unknown).toBe(report.messages);
  expect(report.unknown).toBeLessThanOrEqual(report.inFlightAtKills);
  expect(report.passed).toBe(true);
});

test(
  'brings every acknowledged run to its end while its process is killed and frozen, and nothing happens twice',
  { timeout: 900_000 },
  async () => {
    const report = await expressSoak(chosen('express'), () => undefined);
    expect(report).toMatchObject({ lost: [], open: [], acceptedTwice: [], undone: [], wrongAnswers: [], withoutCause: 0 });
    expect(report.hits).toEqual({ 'kill app': 3, 'kill postgres': 1, 'restart postgres': 0, 'temporal away': 1, 'freeze app': 1 });
    expect(report.ambiguous).toBeLessThanOrEqual(report.inFlightAtHits);
    expect(report.passed).toBe(true);
  },
);
