/** For a fake in a process of its own: forked by a soak that is killed, it must not stay behind. */
export function endWithParent(close: () => Promise<void>): void {
  const end = (): void => void close().then(() => process.exit(0));
  process.once('disconnect', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
}
