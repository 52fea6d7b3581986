import { once } from 'node:events';
import { endpoints } from '@holdfast/contracts';
import { listMessagesForExport, type ExportedMessage, type ExportFilter } from '@holdfast/db';
import type { Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { route, type Route } from '../http/route.ts';
import { csvHeader, csvRow } from '../views/message-csv.ts';
import { toMessage } from '../views/message.ts';
import { auditOf } from './audit-of.ts';

const pageSize = 500;

/** Everything that was said, page by page, as fast as the reader takes it. */
export function exportRoute({ pool }: ServerDeps): Route {
  return route(endpoints.exportMessages, {
    answers: 'itself',
    run: async ({ query, caller, response }) => {
      const { format, conversation = null, channel = null, from = null, to = null } = query;
      await auditOf(pool, caller, {
        action: 'messages.exported',
        subject: conversation ?? channel ?? caller.workspaceId,
        detail: { format, from, to },
      });
      const filter = { workspaceId: caller.workspaceId, limit: pageSize, conversationId: conversation, channelId: channel, from, to };
      const next = (after: ExportFilter['after']) => listMessagesForExport(pool, { ...filter, after });
      // The first page before the first byte, so that what fails can still be told as a problem.
      let page = await next(null);
      startDownload(response, format);
      while (page.length > 0 && !response.closed) {
        await write(response, page.map(format === 'csv' ? csvRow : jsonLine).join(''));
        const last = page.at(-1);
        page = last !== undefined && page.length === pageSize ? await next({ at: last.exactAt, id: last.id }) : [];
      }
      response.end();
    },
  });
}

function startDownload(response: Response, format: 'jsonl' | 'csv'): void {
  response.setHeader('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
  response.setHeader('content-disposition', `attachment; filename="messages.${format}"`);
  response.setHeader('cache-control', 'no-store');
  // Spreadsheets take a file for UTF-8 only when it says so.
  if (format === 'csv') response.write(`\uFEFF${csvHeader}`);
}

function jsonLine(exported: ExportedMessage): string {
  const { exactAt: _, ...message } = exported;
  return `${JSON.stringify({ ...toMessage(message), channel: message.channel, contact: message.contact, address: message.address })}\n`;
}

async function write(response: Response, text: string): Promise<void> {
  if (response.write(text) || response.closed) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]);
}
