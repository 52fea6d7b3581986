import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { lockFile, messageOf, runCommand, StackError } from '@holdfast/stack';
import { checkout } from './settings.ts';

const editor = join(checkout, 'apps', 'editor');
const dist = join(editor, 'dist');
const locks = join(editor, 'node_modules', '.holdfast');
const stamp = join(dist, '.sources');

/** Everything that ends up in the browser. */
const sources = [
  'apps/editor/{index.html,package.json,vite.config.ts}',
  'apps/editor/{src,public}/**/*',
  'packages/{graph,node-kit,errors,contracts}/src/**/*',
  'nodes/**/*',
  'pnpm-lock.yaml',
];

/** Builds the editor when its sources differ from those of the last build. Safe when two launchers share the checkout. */
export async function buildEditor(onProgress: (text: string) => void): Promise<void> {
  const hash = hashSources();
  if (isBuilt(hash)) return;
  openBuildFolder();
  const release = await lockFile(join(locks, 'build.lock'), () => onProgress('another start is building it; waiting'));
  try {
    if (isBuilt(hash)) return;
    onProgress('building (its sources changed)');
    await build(hash);
  } finally {
    await release();
  }
}

function openBuildFolder(): void {
  try {
    mkdirSync(locks, { recursive: true });
    accessSync(editor, constants.W_OK);
  } catch (error) {
    throw new StackError(
      `The editor must be built, but ${editor} can't be written: ${messageOf(error)}`,
      'Build it once as the owner of this checkout: npx -y pnpm@12 holdfast build',
    );
  }
}

const isBuilt = (hash: string): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;

function hashSources(): string {
  const hash = createHash('sha256');
  const files = globSync(sources, {
    cwd: checkout,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'node_modules' || /\.test\.tsx?$/.test(entry.name),
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) hash.update(file.slice(checkout.length)).update(readFileSync(file));
  return hash.digest('hex');
}

/** Into a folder beside, swapped when whole: what is served never is half a build. */
async function build(hash: string): Promise<void> {
  const fresh = `${dist}.new`;
  const vite = join(editor, 'node_modules', 'vite', 'bin', 'vite.js');
  const env = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: '0' };
  const result = await runCommand(process.execPath, [vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: editor,
    env,
  });
  if (result.code !== 0) {
    const firstLines = stripVTControlCharacters(result.stderr.trim() || result.stdout.trim())
      .split('\n')
      .slice(0, 12)
      .join('\n  ');
    throw new StackError(
      `The editor could not be built:\n  ${firstLines}`,
      'When you changed apps/editor, the type check says more: npx -y pnpm@12 typecheck',
    );
  }
  writeFileSync(join(fresh, '.sources'), hash);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}
