import {
  holdWatch,
  insertAlertOnce,
  loadKnownRows,
  releaseWatch,
  newId,
  notifyLive,
  saveKnownRows,
  settleWatch,
  transaction,
  type DueWatch,
  type KnownRow,
} from '@holdfast/db';
import { HoldfastError, say, toProblem } from '@holdfast/errors';
import { spreadsheetId } from '@holdfast/nodes/google-sheets/address';
import { openSheet, type SheetClient } from '@holdfast/nodes/google-sheets/sheet-client';
import { ownColumn } from '@holdfast/nodes/google-sheets/write-together';
import { beginRuns } from '@holdfast/runs';
import { z } from 'zod';
import type { TriggerDeps } from '../deps.ts';
import { startOf } from '../take-events.ts';
import { findChanges, knownAfter, type FoundRow, type SheetRow } from './find-changes.ts';
import { isSameName, readSheet, rowsOf, type ReadSheet } from './read-rows.ts';

/** A part of what nodes/google-sheets-trigger asks for. */
const watching = z.object({
  credential: z.string(),
  spreadsheet: z.string(),
  sheet: z.string(),
  startWhen: z.enum(['new', 'changed', 'both']),
  keyColumn: z.string().transform((name) => name.trim()),
  columns: z.array(z.string()),
  everySeconds: z.number(),
  existing: z.enum(['known', 'start']),
});
type Watching = z.infer<typeof watching>;

/** Of the 60 reads that Google allows an account in a minute, one sheet takes 12 at most. */
const secondsPerRead = 5;
/** People who mended it don’t wait longer than this. */
const longestPauseMs = 600_000;

/** What one look came to: rows that start runs now, and what is known afterwards. */
interface Look {
  starts: FoundRow[];
  leftOver: number;
  after: KnownRow[];
  /** The names in the first row that count from now on. */
  columns: string[];
  rowCount: number;
  reads: number;
}

/** Looks at a sheet once: whatever is new in it begins a run, in the commit that makes it known. Throws what Google's calls throw, and trigger.columns. */
export async function lookAtSheet(deps: TriggerDeps, due: DueWatch): Promise<void> {
  const config = watching.parse(due.config);
  const spreadsheet = spreadsheetId(config.spreadsheet) ?? '';
  const client = openSheet(deps.egressFor(due.workspaceId), { credential: config.credential, spreadsheet, sheet: config.sheet });
  const known = await loadKnownRows(deps.runs.pool, due);
  const look = await lookAt({ deps, due, config, client, known });
  const begun = await commit(deps, due, config, look);
  if (begun === null) return releaseWatch(deps.runs.pool, due);
  for (const run of begun) notifyLive(deps.runs.pool, due.workspaceId, { kind: 'run', run, flow: due.flowId, status: 'running' });
}

interface Place {
  deps: TriggerDeps;
  due: DueWatch;
  config: Watching;
  client: SheetClient;
  known: readonly KnownRow[];
}

async function lookAt({ deps, due, config, client, known }: Place): Promise<Look> {
  const first = await readSheet(client, deps.pace.rowsPerRead);
  const names = namesOf(first);
  const counting = countingOf(config, due.columns ?? names);
  const looking = { counting, keyColumn: config.keyColumn };
  refuseMissing(config, first, counting);
  const isFirst = due.columns === null;
  const seen = rowsOf(first, looking);
  const isBaseline = isFirst && config.existing === 'known';
  const found = isBaseline ? [] : findChanges(known, seen);
  // A row that somebody inserts between two pieces shifts those below it: one of them is read twice, or not at all.
  const isSure = found.length === 0 || first.reads === 1;
  const second = isSure ? first : await readSheet(client, deps.pace.rowsPerRead);
  if (!isSure) refuseMissing(config, second, counting);
  const rows = isSure ? seen : rowsOf(second, looking);
  const again = isSure ? found : findChanges(known, rows);
  const confirmed = isSure ? again : inBoth(again, found);
  const wanted = confirmed.filter(({ change }) => config.startWhen === 'both' || config.startWhen === change);
  const starts = wanted.slice(0, deps.pace.rowsPerLook);
  const waiting = new Set([...wanted.slice(starts.length), ...again.filter((each) => !confirmed.includes(each))]);
  const after = knownAfter(known, { rows, found: again, waiting });
  const isGrown = countsAll(config) && waiting.size === 0 && due.columns !== null && names.some((name) => !has(due.columns ?? [], name));
  return {
    starts,
    leftOver: wanted.length - starts.length,
    after: isGrown ? withColumns(after, rowsOf(second, { ...looking, counting: namesOf(second) })) : after,
    columns: isGrown ? namesOf(second) : (due.columns ?? names),
    rowCount: rows.length,
    reads: first.reads + (isSure ? 0 : second.reads),
  };
}

const namesOf = ({ columns }: ReadSheet): string[] => columns.filter((name) => name !== '' && name !== ownColumn);
const has = (names: readonly string[], name: string): boolean => names.some((each) => isSameName(each, name));
const countsAll = ({ startWhen, keyColumn, columns }: Watching): boolean => (startWhen === 'new' ? keyColumn === '' : columns.length === 0);

/** With a key, a row that is new is known by that alone. */
function countingOf(config: Watching, names: readonly string[]): readonly string[] {
  if (countsAll(config)) return names;
  return config.startWhen === 'new' ? [] : config.columns;
}

/** A column that was renamed makes every row look changed: people are asked instead. */
function refuseMissing({ keyColumn }: Watching, { columns }: ReadSheet, counting: readonly string[]): void {
  const missing = [...(keyColumn === '' ? [] : [keyColumn]), ...counting].filter((name) => !has(columns, name));
  if (missing.length === 0) return;
  const there = columns.filter((name) => name !== '').slice(0, 12);
  throw new HoldfastError('trigger.columns', {
    detail: say`The first row of the sheet has no ${missing.length === 1 ? 'column' : 'columns'} ${missing.map((name) => `"${name}"`).join(', ')} any more. ${there.length === 0 ? 'It is empty.' : say`It has: ${there.join(', ')}.`} No run is started until this is settled.`,
    hint: 'Name the column as before; or publish the flow again, which takes the rows as they are now.',
  });
}

/** Of `again`, what was found before, too. */
function inBoth(again: readonly FoundRow[], before: readonly FoundRow[]): FoundRow[] {
  const counts = new Map<string, number>();
  const idOf = ({ row: { key, hash } }: FoundRow): string => `${key}\n${hash}`;
  for (const each of before) counts.set(idOf(each), (counts.get(idOf(each)) ?? 0) + 1);
  return again.filter((each) => {
    const count = counts.get(idOf(each)) ?? 0;
    counts.set(idOf(each), count - 1);
    return count > 0;
  });
}

/** Everything here is known, with the columns that were added. */
const withColumns = (after: readonly KnownRow[], rows: readonly SheetRow[]): KnownRow[] =>
  knownAfter(
    after.filter(({ isGone }) => isGone),
    { rows, found: [], waiting: new Set() },
  );

async function commit({ runs }: TriggerDeps, due: DueWatch, config: Watching, look: Look): Promise<string[] | null> {
  return beginRuns(runs, (begin) =>
    transaction(runs.pool, async (client) => {
      // Overtaken by another process, paused or published anew: nothing is written, and nothing is lost.
      if (!(await holdWatch(client, due))) return null;
      const begun: string[] = [];
      const seenAt = new Date().toISOString();
      for (const { change, row } of look.starts)
        begun.push(
          await begin(
            client,
            startOf(due, due, {
              input: { change, row: row.position, key: row.name, values: row.values, sheet: config.sheet, seenAt },
              deliveryId: `${due.round}/${row.position}/${row.hash}`,
              port: 'row',
            }),
          ),
        );
      await saveKnownRows(client, { ...due, rows: look.after });
      await settleWatch(client, {
        ...due,
        nextInMs: 1_000 * Math.max(config.everySeconds, look.reads * secondsPerRead),
        columns: look.columns,
        rowCount: look.rowCount,
        leftOver: look.leftOver,
        hasFound: begun.length > 0,
        problem: null,
      });
      return begun;
    }),
  );
}

/** A look that failed: it is tried again, and people hear of what only they can mend. */
export async function settleFailedLook({ runs }: TriggerDeps, due: DueWatch, error: HoldfastError): Promise<void> {
  const everyMs = 1_000 * Number(due.config['everySeconds'] ?? 60);
  const isOurs = error.code === 'trigger.columns';
  const isLimit = error.code === 'upstream.limited';
  await settleWatch(runs.pool, {
    ...due,
    nextInMs: Math.min(longestPauseMs, error.retryAfterMs ?? (isOurs ? everyMs : everyMs * 2 ** Math.min(due.failures, 6))),
    columns: null,
    rowCount: null,
    leftOver: 0,
    hasFound: false,
    problem: { ...toProblem(error) },
  });
  const isNews = isOurs ? due.problem?.code !== 'trigger.columns' : !isLimit && due.failures === 3;
  if (!isNews) return;
  await insertAlertOnce(runs.pool, {
    id: newId('alert'),
    workspaceId: due.workspaceId,
    event: 'trigger.broken',
    subject: `${due.flowId}/${due.nodeId}`,
    title: isOurs ? 'The columns of a watched sheet have changed' : 'A watched sheet can’t be read',
    detail: [error.detail, error.hint].filter(Boolean).join(' '),
    link: `/flows/${due.flowId}`,
  });
}
