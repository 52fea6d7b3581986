import type { FlowSettings } from '@holdfast/graph';
import { parseDuration, type WaitFor } from '@holdfast/node-kit';

interface Wait {
  waitFor: WaitFor;
  /** The wait's own length from `openedAt`, as a duration; null: for ever. */
  timeout: string | null;
  openedAt: Date;
}

/**
 * When an open wait ends by itself: by its own time, or earlier because a conversation that is quiet for that long has ended its session. Versions from
 * before the setting have none. Pure.
 */
export function waitEndsAt(wait: Wait, settings: Partial<Pick<FlowSettings, 'sessionTimeout'>>, saidAt: Date): string | null {
  const own = wait.timeout === null ? null : wait.openedAt.getTime() + parseDuration(wait.timeout);
  const sessionMs = wait.waitFor === 'reply' ? parseDuration(settings.sessionTimeout ?? '0s') : 0;
  const quiet = sessionMs === 0 ? null : saidAt.getTime() + sessionMs;
  const ends = [own, quiet].filter((end) => end !== null);
  return ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString();
}
