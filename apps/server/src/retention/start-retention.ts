import { forgetOldMessages, type Pool } from '@holdfast/db';
import type { Logger } from 'pino';

const lookEveryMs = 600_000;
const pageSize = 500;

/** Forgets what channels no longer keep: looks every ten minutes, page by page, so that nothing else waits. */
export function startRetention({ pool, logger }: { pool: Pool; logger: Pick<Logger, 'error'> }): { stop: () => Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const round = async () => {
    try {
      while (!isStopped && (await forgetOldMessages(pool, pageSize)) > 0);
    } catch (error) {
      logger.error({ err: error }, 'Old messages could not be forgotten and will be later');
    }
  };
  const again = (ms: number) => {
    if (isStopped) return;
    timer = setTimeout(() => {
      working = round().then(() => again(lookEveryMs));
    }, ms);
  };
  again(30_000);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
