import { observe } from '../observe.ts';
import { carry } from './carry.ts';
import { earliestArrivals } from './earliest.ts';
import { isKept, judgeReplies, type RepliesJudged } from './judge-replies.ts';
import type { Line } from './line.ts';
import { lettersOf, planDeliveries, type Roads, type Volume } from './plan.ts';
import { untilQuiet } from './quiet.ts';
import { replyFlow } from './reply-flow.ts';
import type { Town } from './town.ts';

export interface RepliesReport {
  seconds: number;
  channels: Record<string, RepliesJudged & { copies: string; statuses: Record<string, number> }>;
  /** From the ledger's "about to be sent" to the answer: 95 of 100 at most, and the longest, in milliseconds. */
  answered: Record<string, { p95: number; longest: number }>;
  /** Sends by the process that made them. */
  sentBy: number[];
  passed: boolean;
}

export type Volumes = Record<Line['kind'], Volume>;

/** Exactly one reply to each message, in order, within every limit, whatever way the deliveries and statuses took. */
export async function repliesPart(
  { product, lines }: Town,
  options: { volumes: Volumes; deadlineMs: number } & Roads,
  say: (text: string) => void,
): Promise<RepliesReport> {
  const startedAt = performance.now();
  const flow = await product.api.publish(replyFlow('Soak: one reply each', '0ms'));
  for (const line of lines) line.tellStatuses(true);
  const all = lines.map((line) => ({ line, letters: lettersOf(line.mark, options.volumes[line.kind], 0) }));
  const brought = await Promise.all(
    all.map(async ({ line, letters }) =>
      carry(line, planDeliveries(letters, { ...options, copies: line.doublesAll ? 0 : options.copies })),
    ),
  );
  say('Everything is delivered; waiting for the replies …');
  await untilQuiet(
    product,
    lines,
    { replies: all.reduce((sum, { letters }) => sum + letters.length, 0), deadlineMs: options.deadlineMs },
    say,
  );
  const earliest = await earliestArrivals(product);
  const judged = lines.map((line, place) => ({
    line,
    judgement: judgeReplies(line, line.heard(), brought[place] ?? new Map(), earliest),
  }));
  const statuses = await statusesByKind(product);
  const by = await observe<{ count: number }>(
    product,
    `select count(*)::int as count from effects where kind = 'send' group by dispatched_by order by 1`,
  );
  const took = await observe<{ kind: string; p95: number; longest: number }>(
    product,
    `select h.kind, round(percentile_cont(0.95) within group (order by ms))::int as p95, round(max(ms))::int as longest
      from (select channel_id, (extract(epoch from settled_at - dispatched_at) * 1000)::float8 as ms from effects where kind = 'send') e join channels h on h.id = e.channel_id group by 1`,
  );
  await product.api.call('POST', `/api/flows/${flow}/pause`, { paused: true });
  const channels = judged.map(
    ({ line, judgement }) =>
      [
        line.kind,
        {
          ...judgement,
          copies: line.doublesAll ? 'every delivery' : `${options.copies * 100} % of the deliveries`,
          statuses: statuses[line.kind] ?? {},
        },
      ] as const,
  );
  return {
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    channels: Object.fromEntries(channels),
    answered: Object.fromEntries(took.map(({ kind, ...times }) => [kind, times])),
    sentBy: by.map(({ count }) => count),
    passed: channels.every(([kind, one]) => isKept(one) && one.replies === one.messages && one.statuses[lastStatus[kind]] === one.messages),
  };
}

/** As far as each provider tells: the statuses come from the last to the first. */
const lastStatus: Record<Line['kind'], string> = { telegram: 'sent', whatsapp: 'read', email: 'sent', sms: 'delivered' };

async function statusesByKind(product: Town['product']): Promise<Record<string, Record<string, number>>> {
  const rows = await observe<{ kind: string; status: string; count: number }>(
    product,
    `select h.kind, m.status, count(*)::int as count from messages m join conversations c on c.id = m.conversation_id join channels h on h.id = c.channel_id
      where m.direction = 'out' group by 1, 2`,
  );
  const found: Record<string, Record<string, number>> = {};
  for (const { kind, status, count } of rows) found[kind] = { ...found[kind], [status]: count };
  return found;
}
