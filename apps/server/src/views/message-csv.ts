import type { StoredMessage } from '@holdfast/db';

export const csvHeader =
  'time,platform,channel,contact,address,direction,author,name,text,attachments,status,model,input tokens,output tokens,cost (USD),conversation,message,run,step\r\n';

export const csvRow = (message: StoredMessage): string =>
  [
    message.at,
    message.channelKind,
    message.channel,
    message.contact,
    message.address,
    message.direction,
    message.author,
    message.authorName ?? '',
    message.text,
    (message.content.attachments ?? []).map((attachment) => attachment.name ?? attachment.kind).join(' · '),
    message.status,
    message.model ?? '',
    String(message.inputTokens ?? ''),
    String(message.outputTokens ?? ''),
    message.costMicroUsd === null ? '' : String(message.costMicroUsd / 1_000_000),
    message.conversation,
    message.id,
    message.run ?? '',
    message.node ?? '',
  ]
    .map(cell)
    .join(',') + '\r\n';

/**
 * A cell that a spreadsheet shows as text. One that starts like a formula would be computed on opening, with whatever the
 * customer wrote in it; an apostrophe before it keeps it text.
 */
export function cell(text: string): string {
  const safe = /^[\s\uFEFF]*[=+\-@|%\t\r]/u.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
