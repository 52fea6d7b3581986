import {
  forgetExpiredFiles,
  forgetOldAgentCalls,
  forgetOldCalls,
  forgetOldEvents,
  forgetOldMessages,
  forgetOldRefusals,
  forgetOldRepairs,
  type Pool,
} from '@holdfast/db';
import { repeat } from '@holdfast/runs';
import type { Logger } from 'pino';

const lookEveryMs = 600_000;
const firstLookMs = 30_000;
const pageSize = 500;

/** Forgets what channels no longer keep: looks every ten minutes, page by page, so that nothing else waits. */
export function startRetention({ pool, logger }: { pool: Pool; logger: Pick<Logger, 'error'> }): { stop: () => Promise<void> } {
  let isStopped = false;
  const round = async () => {
    try {
      while (!isStopped && (await forgetOldMessages(pool, pageSize)) > 0);
      while (!isStopped && (await forgetOldRefusals(pool, pageSize)) > 0);
      while (!isStopped && (await forgetOldEvents(pool, pageSize)) > 0);
      await forgetOldCalls(pool);
      await forgetOldRepairs(pool);
      await forgetOldAgentCalls(pool);
      await forgetExpiredFiles(pool);
    } catch (error) {
      logger.error({ err: error }, 'Old messages could not be forgotten and will be later');
    }
  };
  const rounds = repeat(lookEveryMs, round, firstLookMs);
  return {
    stop: () => {
      isStopped = true;
      return rounds.stop();
    },
  };
}
