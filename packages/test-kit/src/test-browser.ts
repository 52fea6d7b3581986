import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '@holdfast/stack';
import { chromium, type Browser } from 'playwright-core';

/** A headless Chromium that came from npm: no browser of the machine is needed, and none of its libraries or fonts. Close it. */
export async function testBrowser(): Promise<Browser> {
  const folder = await unpackChromium();
  const executablePath = join(folder, 'chromium');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none', '--disable-gpu'],
    env: { ...process.env, ...(await missingParts(folder, executablePath)) },
  });
}

const environmentWith = (folder: string): Record<string, string> => ({ LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') });

/** Bare machines have no NSS libraries and no fonts: then the ones that came along are used. */
async function missingParts(folder: string, executable: string): Promise<Record<string, string>> {
  const starts = await runCommand(executable, ['--version'], { timeoutMs: 20_000 });
  return {
    ...(starts.code === 0 ? {} : environmentWith(folder)),
    ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }),
  };
}

/** Once per machine and version; made in a folder beside and renamed, so that two runs never see half a browser. */
async function unpackChromium(): Promise<string> {
  const packageFolder = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..');
  const version = /"version":\s*"([^"]+)"/.exec(await readFile(join(packageFolder, 'package.json'), 'utf8'))?.[1] ?? 'unknown';
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'holdfast');
  const target = join(cache, `chromium-${version}`);
  if (existsSync(target)) return target;
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, 'chromium-partial-'));
  try {
    await unpackInto(partial, join(packageFolder, 'bin'));
    await rename(partial, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}

/** The package unpacks into the system's temporary folder, wherever TMPDIR says that is. */
async function unpackInto(folder: string, bin: string): Promise<void> {
  const previous = process.env['TMPDIR'] ?? tmpdir();
  process.env['TMPDIR'] = folder;
  try {
    const { inflate } = await import('@sparticuz/chromium');
    await Promise.all(['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'].map((name) => inflate(join(bin, name))));
  } finally {
    process.env['TMPDIR'] = previous;
  }
}
