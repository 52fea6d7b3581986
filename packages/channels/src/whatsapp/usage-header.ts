import { z } from 'zod';

const usage = z.record(z.string(), z.array(z.object({ estimated_time_to_regain_access: z.number().catch(0).default(0) })));

/** How long `X-Business-Use-Case-Usage` says that calls are refused; its figure is in minutes. */
export function regainMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  try {
    const minutes = Object.values(usage.parse(JSON.parse(header)))
      .flat()
      .map((entry) => entry.estimated_time_to_regain_access);
    const longest = Math.max(0, ...minutes);
    return longest > 0 ? longest * 60_000 : undefined;
  } catch {
    return undefined; // a hint that can't be read is none
  }
}
