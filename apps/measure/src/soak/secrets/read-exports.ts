import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Product } from '../../product/product.ts';
import type { Look } from './look.ts';

/** What leaves as a whole: all flows as files, and a backup, which is a packed archive that anybody can open. */
export async function readExports(product: Product, look: Look): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-exports-'));
  try {
    const [flows, backup] = await Promise.all([product.command('export'), product.command('backup', '--to', folder)]);
    look('the exported flows', flows);
    look('the words of a backup', backup);
    for (const name of await readdir(folder)) look('the backup', await promisify(gunzip)(await readFile(join(folder, name))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
