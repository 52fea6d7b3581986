import type { ExportedMessage } from '@holdfast/db';

export const csvHeader = 'time,channel,contact,address,author,name,text,attachments,status,conversation,message,run\r\n';

export const csvRow = (message: ExportedMessage): string =>
  [
    message.at,
    message.channel,
    message.contact,
    message.address,
    message.author,
    message.authorName ?? '',
    message.text,
    (message.content.attachments ?? []).map((attachment) => attachment.name ?? attachment.kind).join(' · '),
    message.status,
    message.conversation,
    message.id,
    message.run ?? '',
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
