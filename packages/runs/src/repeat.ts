/** Does `work` after `firstMs` and then again and again, `everyMs` after it ended, whatever came of it. `stop` waits for the one under way. */
export function repeat(everyMs: number, work: () => Promise<unknown>, firstMs = everyMs): { stop: () => Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let underway: Promise<unknown> = Promise.resolve();
  let isStopped = false;
  const again = () => arm(everyMs);
  const arm = (delayMs: number) => {
    if (isStopped) return;
    timer = setTimeout(() => {
      underway = work().then(again, again);
    }, delayMs);
  };
  arm(firstMs);
  return {
    stop: async () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await underway;
    },
  };
}
