import { once } from 'node:events';
import { endpoints } from '@holdfast/contracts';
import { listStoredMessages, type Pool, type StoredMessage } from '@holdfast/db';
import type { Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { route, type Route } from '../http/route.ts';
import { csvHeader, csvRow } from '../views/message-csv.ts';
import { mailInBox } from '../views/message-mail.ts';
import { toStoredMessage } from '../views/stored-message.ts';
import { auditOf } from './audit-of.ts';
import { toMessageFilter } from './message-filter.ts';

const pageSize = 500;

interface Format {
  media: string;
  /** Before the first message. */
  head: string;
  write: (pool: Pool, message: StoredMessage) => string | Promise<string>;
}
const formats: Record<'jsonl' | 'csv' | 'mbox', Format> = {
  jsonl: { media: 'application/x-ndjson', head: '', write: (_, message) => `${JSON.stringify(toStoredMessage(message))}\n` },
  // Spreadsheets take a file for UTF-8 only when it says so.
  csv: { media: 'text/csv; charset=utf-8', head: `\uFEFF${csvHeader}`, write: (_, message) => csvRow(message) },
  mbox: { media: 'application/mbox', head: '', write: mailInBox },
};

/** Everything that was said, page by page, as fast as the reader takes it. */
export function exportRoute({ pool }: ServerDeps): Route {
  return route(endpoints.exportMessages, {
    answers: 'itself',
    run: async ({ query, caller, response }) => {
      const { format, ...asked } = query;
      // Only mail is mail.
      const filter = { ...toMessageFilter(caller.workspaceId, asked), ...(format === 'mbox' ? { channelKind: 'email' } : {}) };
      await auditOf(pool, caller, {
        action: 'messages.exported',
        subject: asked.conversation ?? asked.channel ?? asked.contact ?? caller.workspaceId,
        detail: { format, filter: JSON.stringify(asked) },
      });
      const next = (last?: StoredMessage) =>
        listStoredMessages(pool, filter, { order: 'oldest', after: last ? { at: last.exactAt, id: last.id } : null, limit: pageSize });
      // The first page before the first byte, so that what fails can still be told as a problem.
      let page = await next();
      startDownload(response, format);
      while (page.length > 0 && !response.closed) {
        for (const message of page) await write(response, await formats[format].write(pool, message));
        page = page.length === pageSize ? await next(page.at(-1)) : [];
      }
      response.end();
    },
  });
}

function startDownload(response: Response, format: keyof typeof formats): void {
  const { media, head } = formats[format];
  response.setHeader('content-type', media);
  response.setHeader('content-disposition', `attachment; filename="messages.${format}"`);
  response.setHeader('cache-control', 'no-store');
  if (head !== '') response.write(head);
}

async function write(response: Response, text: string): Promise<void> {
  if (response.write(text) || response.closed) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]);
}
