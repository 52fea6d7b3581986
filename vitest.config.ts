import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Node keeps the compiled code of what it loads: of the libraries here, and of all sources in the products that tests start.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules', '.cache', 'code');

// unit: pure code, no service, under 60 s. integration: real PostgreSQL, real Temporal, fakes on real sockets.
// browser: the built product in a real browser.
const integration = ['**/*.integration.test.ts'];
// alone: integration tests that start the whole product, or kill and freeze what they start: after the others, two at a time. The others run three at a
// time on two cores, each file with a database and a Temporal namespace of its own. All of them wait for others most of the time: two workers keep two
// cores busy for 60 % of it. The soak of orders starts a product too, but waits for its providers even longer.
const alone = [
  'apps/holdfast/**/*.integration.test.ts',
  'apps/measure/src/!(soak)/**/*.integration.test.ts',
  'apps/measure/src/soak/{*,channels/*}.integration.test.ts',
  'apps/worker/src/{frozen-process,postgres-away,temporal-lost}.integration.test.ts',
  'packages/stack/**/*.integration.test.ts',
];
const browser = ['**/*.browser.test.ts'];
const never = ['**/node_modules/**', '**/dist/**', '**/.holdfast/**'];
const globalSetup = ['packages/test-kit/src/global-setup.ts'];
// What is waited for may take as long as a stalled machine needs; a poll that finds it goes on at once.
const expectSoon = { poll: { timeout: 30_000, interval: 25 } };

/** Small files that take long: without a record of earlier runs they would come last, when nobody else is left to keep the second core busy. */
const first = ['soak', 'orders-soak', 'five-channels', 'channel-soak', 'lost-runs', 'lanes'];
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }: TestSpecification) => first.some((name) => moduleId.endsWith(`/${name}.integration.test.ts`));
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...never, ...integration, ...browser],
          setupFiles: ['packages/test-kit/src/fixed-seed.ts'],
          // Each process loads a module once, not once per file: half of the time went into that. Pure code keeps nothing that another file could find.
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: integration,
          exclude: [...never, ...alone],
          globalSetup,
          expect: expectSoon,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          exclude: never,
          globalSetup,
          expect: expectSoon,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'browser',
          include: browser,
          exclude: never,
          globalSetup,
          expect: expectSoon,
          testTimeout: 180_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
