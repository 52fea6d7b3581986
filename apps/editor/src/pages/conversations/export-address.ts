export type ExportFormat = 'csv' | 'jsonl' | 'mbox';

interface Wanted {
  format: ExportFormat;
  channel: string | null;
  search: string;
  /** Days of the reader's own calendar, `2026-11-23`, both included; empty: open. */
  from: string;
  to: string;
}

/** Where the browser fetches an export. */
export function exportAddress({ format, channel, search, from, to }: Wanted): string {
  const query = new URLSearchParams({ format });
  if (channel !== null) query.set('channel', channel);
  if (search.trim() !== '') query.set('search', search.trim());
  if (from !== '') query.set('from', startOfDay(from, 0));
  if (to !== '') query.set('to', startOfDay(to, 1));
  return `/api/messages/export?${query}`;
}

function startOfDay(day: string, plusDays: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + plusDays).toISOString();
}
