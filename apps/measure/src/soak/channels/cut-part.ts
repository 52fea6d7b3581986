import { observe } from '../observe.ts';
import { carry } from './carry.ts';
import { earliestArrivals } from './earliest.ts';
import { isKept, judgeReplies, type RepliesJudged } from './judge-replies.ts';
import type { Line } from './line.ts';
import { lettersOf, planDeliveries } from './plan.ts';
import { untilQuiet } from './quiet.ts';
import { replyFlow } from './reply-flow.ts';
import type { Town } from './town.ts';

export interface CutReport {
  seconds: number;
  channels: Record<string, CutJudged>;
  passed: boolean;
}

interface CutJudged extends RepliesJudged {
  cut: number;
  /** What our ledger says right after: found by asking the provider, or not known. */
  foundAtOnce: number;
  shownAsUnknown: number;
  /** Of those, by what happened next: a status named them, or a person said that they arrived. */
  settledByStatus: number;
  settledByPerson: number;
  /** Still unknown, or sent once more. */
  left: string[];
}

interface Sent {
  id: string;
  text: string;
  status: string;
}

/** Apart from the customers of the other parts. */
const firstCustomer = 600;

/** Every send is taken and its answer cut off. Nothing is sent twice, and what nobody knows is shown until somebody does. */
export async function cutPart(
  { product, lines }: Town,
  options: { perChannel: number; random: () => number; deadlineMs: number },
  say: (text: string) => void,
): Promise<CutReport> {
  const startedAt = performance.now();
  const { perChannel, random } = options;
  const flow = await product.api.publish(replyFlow('Soak: answers cut off', '0ms'));
  const already = lines.reduce((sum, line) => sum + line.heard().length, 0);
  const cut = await Promise.all(
    lines.map((line) => {
      line.tellStatuses(false);
      line.cutNext(perChannel);
      const letters = lettersOf(line.mark, { customers: perChannel, messages: 1 }, firstCustomer);
      return carry(line, planDeliveries(letters, { overMs: perChannel * 40, lateMs: 0, copies: 0, random }));
    }),
  );
  await untilQuiet(product, lines, { replies: already + perChannel * lines.length, deadlineMs: options.deadlineMs }, say);
  const earliest = await earliestArrivals(product);
  const channels: [string, CutJudged][] = [];
  for (const [place, line] of lines.entries()) {
    const fate = await learnFates(product, line, perChannel);
    channels.push([line.kind, { ...judgeReplies(line, line.heard(), cut[place] ?? new Map(), earliest), cut: perChannel, ...fate }]);
  }
  await product.api.call('POST', `/api/flows/${flow}/pause`, { paused: true });
  return {
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    channels: Object.fromEntries(channels),
    passed: channels.every(([, one]) => isKept(one) && one.left.length === 0 && one.foundAtOnce + one.shownAsUnknown === perChannel),
  };
}

async function learnFates(product: Town['product'], line: Line, perChannel: number): Promise<Omit<CutJudged, keyof RepliesJudged | 'cut'>> {
  const before = await sentOf(product, line);
  await line.tellArrival?.();
  await line.settled();
  const told = unknownOf(await sentOf(product, line));
  for (const { id } of told) await product.api.call('POST', `/api/sends/${id}/settle`, { settle: 'arrived' });
  const after = await sentOf(product, line);
  return {
    foundAtOnce: before.length - unknownOf(before).length,
    shownAsUnknown: unknownOf(before).length,
    settledByStatus: unknownOf(before).length - told.length,
    settledByPerson: told.length,
    left: [
      ...after.filter(({ status }) => status !== 'sent' && status !== 'delivered').map(({ text, status }) => `${text} ${status}`),
      ...(after.length === perChannel ? [] : [`${after.length} messages`]),
    ],
  };
}

const unknownOf = (messages: readonly Sent[]): Sent[] => messages.filter(({ status }) => status === 'unknown');

const sentOf = (product: Town['product'], { mark }: Line): Promise<Sent[]> =>
  observe<Sent>(product, `select id, text, status from messages where direction = 'out' and text ~ '\\m${mark}[6-9]\\d\\d-\\d\\d\\d\\M'`);
