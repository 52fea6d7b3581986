import { migrate, createPool } from '@holdfast/db';
import { startServer } from './start-server.ts';

// The server alone, as the container runs it: PostgreSQL and Temporal are somewhere else.
const required = (name: string): string => {
  const value = process.env[name];
  if (value) return value;
  console.error(`${name} is not set. The server alone needs DATABASE_URL and TEMPORAL_ADDRESS; "pnpm start" brings both along.`);
  process.exit(1);
};

const databaseUrl = required('DATABASE_URL');
const temporalAddress = required('TEMPORAL_ADDRESS');
const pool = createPool(databaseUrl, { max: 1, name: 'holdfast-migrate' });
await migrate(pool).finally(() => pool.end());
const editorDir = process.env['HOLDFAST_EDITOR_DIR'] ?? `${import.meta.dirname}/../../editor/dist`;
const namespace = process.env['TEMPORAL_NAMESPACE'];
const server = await startServer({
  databaseUrl,
  temporalAddress,
  editorDir,
  port: Number(process.env['HOLDFAST_PORT'] ?? 4000),
  host: process.env['HOLDFAST_HOST'] ?? '127.0.0.1',
  dataDir: process.env['HOLDFAST_DATA_DIR'] ?? '.holdfast',
  ...(namespace ? { temporalNamespace: namespace } : {}),
});
console.log(`Holdfast listens on ${server.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.stop().then(() => process.exit(0)));
