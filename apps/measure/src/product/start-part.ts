import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from '@holdfast/stack';

export const main = fileURLToPath(import.meta.resolve('@holdfast/holdfast/main'));

/** One process of the product, as a container runs it; resolves when it is ready. Throws with its last words when it ends before. */
export async function startPart(role: 'server' | 'worker', { env, logFile }: { env: NodeJS.ProcessEnv; logFile: string }): Promise<Child> {
  const child = await startChild({ file: process.execPath, args: [join(dirname(main), 'app-process.ts'), role], env, logFile, ipc: true });
  await new Promise<void>((resolve, reject) => {
    child.child.once('message', (message: object) => ('ready' in message ? resolve() : reject(new Error(JSON.stringify(message)))));
    child.child.once('exit', () => reject(new Error(`The ${role} ended: ${readFileSync(logFile, 'utf8').slice(-2_000)}`)));
  });
  return child;
}
