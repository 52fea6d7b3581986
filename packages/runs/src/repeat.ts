/** Does `work` again and again, `everyMs` after it ended, whatever came of it. `stop` waits for the one under way. */
export function repeat(everyMs: number, work: () => Promise<unknown>): { stop: () => Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let underway: Promise<unknown> = Promise.resolve();
  let isStopped = false;
  const arm = () => {
    if (isStopped) return;
    timer = setTimeout(() => {
      underway = work().then(arm, arm);
    }, everyMs);
  };
  arm();
  return {
    stop: async () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await underway;
    },
  };
}
