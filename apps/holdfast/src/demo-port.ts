import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, isPortFree } from '@holdfast/stack';
import type { Settings } from './settings.ts';

/** The port of the bundled demo service. It is kept with the data, since the sample bot's variable holds its address. */
export async function demoPort({ dataDir, port }: Pick<Settings, 'dataDir' | 'port'>): Promise<number> {
  const file = join(dataDir, 'demo-port');
  if (existsSync(file)) return Number(readFileSync(file, 'utf8'));
  const wished = port + 10;
  const chosen = wished < 65_536 && (await isPortFree(wished)) ? wished : await freePort();
  writeFileSync(file, `${chosen}\n`);
  return chosen;
}
