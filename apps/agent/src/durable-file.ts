import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a new file and has the disk keep it before it goes on. False when there is one of this name. */
export async function createFile(path: string, content: string | Uint8Array): Promise<boolean> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  });
  if (!file) return false;
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await keepFolder(dirname(path));
  return true;
}

/** Replaces a file as a whole: it holds what it held, or this. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await keepFolder(dirname(path));
}

/** Names are the folder's: without this a file may be gone after a power cut. Windows keeps them by itself. */
async function keepFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
