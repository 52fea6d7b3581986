import { ancestorsOf, isProcess, type Ancestor } from '@holdfast/stack';

const isPackageManager = (command: string): boolean => /^(?:\S*\/)?(?:npm|npx|pnpm)\b|^\S*node\S* \S*(?:npm|npx|pnpm)/.test(command);

/** Of `npx … pnpm start`, every process between us and the outermost package manager: the shells in between too, the caller's not. */
export function packageManagersOf(ancestors: Ancestor[]): Ancestor[] {
  return ancestors.slice(0, ancestors.findLastIndex(({ command }) => isPackageManager(command)) + 1);
}

/** Calls `onGone` once when one of them has ended: npx, when told to stop, ends alone and tells nobody. */
export function watchPackageManagers(onGone: () => void): void {
  const chain = packageManagersOf(ancestorsOf(process.pid));
  if (chain.length === 0) return;
  const timer = setInterval(() => {
    if (chain.every(({ pid, startedAt }) => isProcess(pid, startedAt))) return;
    clearInterval(timer);
    onGone();
  }, 1_000);
  timer.unref();
}
