import { watchPackageManagers } from './package-manager.ts';

/** Resolves at the first SIGINT, SIGTERM or SIGHUP, or when the package manager that started us is gone. */
export function stopSignal(): { requested: Promise<'stop'> } {
  const { promise, resolve } = Promise.withResolvers<'stop'>();
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1;
      resolve('stop');
      // A terminal's Ctrl-C reaches us directly and once more through the package manager; only a later one means impatience.
      if (signals > 3) process.exit(1);
    });
  }
  watchPackageManagers(() => resolve('stop'));
  // A closed terminal must not kill us while we stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return { requested: promise };
}
