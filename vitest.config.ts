import { defineConfig } from 'vitest/config';

// unit: pure code, no service, under 60 s. integration: real PostgreSQL, real Temporal, fakes on real sockets.
// browser: the built product in a real browser.
const integration = ['**/*.integration.test.ts'];
const browser = ['**/*.browser.test.ts'];
const never = ['**/node_modules/**', '**/dist/**', '**/.holdfast/**'];
const globalSetup = ['packages/test-kit/src/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['**/*.test.{ts,tsx}'], exclude: [...never, ...integration, ...browser] } },
      {
        test: {
          name: 'integration',
          include: integration,
          exclude: never,
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: browser,
          exclude: never,
          globalSetup,
          testTimeout: 180_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
