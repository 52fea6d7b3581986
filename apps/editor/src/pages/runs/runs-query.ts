type Status = 'open' | 'running' | 'waiting' | 'paused' | 'attention' | 'ended';

/** What the address of the runs page may say. */
export interface RunsSearch {
  status?: Status | undefined;
  flow?: string | undefined;
  cause?: string | undefined;
  search?: string | undefined;
  since?: 'hour' | 'day' | 'week' | undefined;
  conversation?: string | undefined;
}

const sinceMs = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
// The start of "the last day" moves; rounded to a minute it stays one cached question.
const minuteMs = 60_000;

/** The question to the API that an address stands for. */
export function runsQuery({ since, ...search }: RunsSearch, now: number) {
  const said = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''));
  return {
    ...said,
    limit: 50,
    ...(since ? { from: new Date(Math.floor((now - sinceMs[since]) / minuteMs) * minuteMs).toISOString() } : {}),
  };
}
