import type { LiveTrigger } from '@holdfast/db';
import type { FlowFile } from '@holdfast/graph';
import { parseDuration, type Catalog, type ChannelEvent, type InboundMessage, type JsonObject } from '@holdfast/node-kit';

/** The flow that gets a message: the most specific trigger, then the order set by staff, in which `triggers` come. Null: nobody asks for it. */
export function chooseTrigger(
  catalog: Catalog,
  triggers: readonly LiveTrigger[],
  event: ChannelEvent,
  onlyFlow: string | null = null,
): LiveTrigger | null {
  let best: { trigger: LiveTrigger; score: number } | null = null;
  for (const trigger of triggers) {
    if (onlyFlow !== null && trigger.flowId !== onlyFlow) continue;
    const score = scoreOf(catalog, trigger, event);
    if (score !== null && (best === null || score > best.score)) best = { trigger, score };
  }
  return best?.trigger ?? null;
}

function scoreOf(catalog: Catalog, trigger: LiveTrigger, event: ChannelEvent): number | null {
  const type = trigger.file.nodes.find((node) => node.id === trigger.nodeId)?.type ?? '';
  const definition = Object.hasOwn(catalog, type) ? catalog[type] : undefined;
  if (definition?.kind !== 'trigger' || definition.source !== 'channel') return null;
  const config = definition.config.safeParse(trigger.config);
  if (!config.success) return null;
  return definition.match ? definition.match(config.data, event) : 0;
}

/** How long messages wait for more of them: at most 10 s, 0 answers each at once. */
export const burstMs = (file: Pick<FlowFile, 'settings'>): number => Math.min(10_000, parseDuration(file.settings.mergeBurst));

const says = (message: InboundMessage): boolean => message.text.trim() !== '' || message.button !== undefined;

/** Something was sent, but nothing was said. */
export const isMediaOnly = (messages: readonly InboundMessage[]): boolean =>
  messages.every((message) => !says(message)) && messages.some((message) => message.attachments.length > 0);

export const hasEdge = (file: FlowFile, node: string, port: string): boolean =>
  file.edges.some((edge) => edge.from.node === node && edge.from.port === port);

/** What a channel trigger gives the run. */
export function channelInput(messages: readonly InboundMessage[], channel: { id: string; kind: string; name: string }): JsonObject {
  const plain = messages.map(messageJson);
  return {
    text: messages
      .map((message) => message.text)
      .filter((text) => text !== '')
      .join('\n'),
    messages: plain,
    message: plain.at(-1) ?? null,
    attachments: plain.flatMap((message) => message['attachments'] ?? []),
    button: plain.findLast((message) => message['button'] !== undefined)?.['button'] ?? null,
    channel: { id: channel.id, kind: channel.kind, name: channel.name },
  };
}

// Through JSON, so that fields which are absent stay absent.
const messageJson = (message: InboundMessage): JsonObject => JSON.parse(JSON.stringify(message)) as JsonObject; // what JSON.stringify made of an object
