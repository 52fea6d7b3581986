import { copyFileSync, readdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** Children append to their log; so a copy and a truncation rotate it without their help. Keeps `<name>.log.1` and `.2`. */
export function rotateLogs(folder: string, maxBytes = 10_000_000): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (!name.endsWith('.log') || statSync(file).size <= maxBytes) continue;
    try {
      renameSync(`${file}.1`, `${file}.2`);
    } catch {
      // There is no older one yet.
    }
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  }
}
