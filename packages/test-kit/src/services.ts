/** How the global set-up tells the test files where the run's services are; environment variables reach every worker process. */
export const serviceVariables = {
  postgres: 'HOLDFAST_TEST_POSTGRES_URL',
  temporal: 'HOLDFAST_TEST_TEMPORAL_ADDRESS',
  temporalBinary: 'HOLDFAST_TEST_TEMPORAL_BINARY',
} as const;

export function service(name: keyof typeof serviceVariables): string {
  const value = process.env[serviceVariables[name]];
  if (!value)
    throw new Error(`No ${name} for this test: its file must be named *.integration.test.ts or *.browser.test.ts, whose set-up starts it.`);
  return value;
}
