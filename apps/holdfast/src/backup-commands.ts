import { backUp, restore } from '@holdfast/server';
import { fromCaller } from './flow-commands.ts';
import { readSettings } from './settings.ts';
import { withDatabase } from './with-database.ts';

export async function makeBackup({ to }: { to?: string }): Promise<void> {
  const settings = readSettings();
  const folder = to === undefined ? {} : { folder: fromCaller(to) };
  const made = await withDatabase(settings, (databaseUrl) => backUp({ databaseUrl, dataDir: settings.dataDir, ...folder }));
  console.log(`${made.location.replace(/\/?$/, '/')}${made.name}`);
}

export async function restoreBackup(from: string, { replace }: { replace: boolean }): Promise<void> {
  const settings = readSettings();
  const place = from.includes('/') || from.includes('\\') ? fromCaller(from) : from;
  const { name, madeAt, rows, missingKeys } = await withDatabase(settings, (databaseUrl) =>
    restore({ databaseUrl, dataDir: settings.dataDir, from: place, replaces: replace }),
  );
  console.log(`Restored ${name}, made ${madeAt}: ${rows} rows.`);
  if (missingKeys.length > 0)
    console.log(
      `Its stored passwords and tokens were sealed with key ${missingKeys.join(', ')}, which is not here. Copy "secret.key" of the old data folder to ${settings.dataDir}, or set HOLDFAST_SECRET_KEY; else enter them again under Channels and Connections.`,
    );
  console.log(
    'What was sent after the backup was made is not known any more: runs that were open then go on from there. Start Holdfast when you are ready.',
  );
}
