import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readText } from '../http-service.ts';
import { closed, listen } from '../listen.ts';
import { createOauthWorld, type OauthWorld } from '../oauth/grants.ts';
import { goodToken, serveOauth } from '../oauth/serve-oauth.ts';
import { endOfTable, parseArea, readArea, typed, writeArea, type Area, type Cell, type Grid } from './grid.ts';

/**
 * `cut-after`, `hang`: it is done, and no answer comes · `cut-before`: nothing is done · `vanish`: answered with 200, and nothing is done, as when another
 * writer's row lands on it.
 */
export type SheetsFault = 'limited' | 'server-error' | 'cut-before' | 'cut-after' | 'hang' | 'vanish';

export interface SheetsManner {
  /** Every how many writes one goes wrong, by `faults` in turn; 0: none. */
  faultEvery: number;
  faults: readonly SheetsFault[];
  /** Reads and writes of one user in a minute, each; 0: no limit. */
  perMinute: number;
  /** How long its minute lasts, for a world in which time is compressed: then a 429 says how long to wait. */
  minuteMs: number;
}

/** Google's Sheets API (v4, values) on a real socket, with its habits: OVERWRITE appends that come together land on one row. */
export interface GoogleSheetsFake {
  url: string;
  port: number;
  oauth: OauthWorld;
  /** By spreadsheet and sheet. */
  sheet: (spreadsheet: string, name?: string) => Grid;
  manner: (manner: Partial<SheetsManner>) => void;
  /** Appends wait until so many have come: that is how they land on one row. */
  holdAppends: (count: number) => void;
  /** How many reads and writes were carried out. */
  readonly counts: { reads: number; writes: number; limited: number };
  close: () => Promise<void>;
}

interface World {
  oauth: OauthWorld;
  spreadsheets: Map<string, Map<string, Grid>>;
  manner: SheetsManner;
  writes: number;
  counts: { reads: number; writes: number; limited: number };
  minutes: Map<string, number[]>;
  barrier: { left: number; open: () => void; opened: Promise<void> } | null;
  now: () => number;
}

export async function startGoogleSheetsFake(given: { publicKey?: string; now?: () => number } = {}): Promise<GoogleSheetsFake> {
  const world: World = {
    oauth: createOauthWorld(given),
    spreadsheets: new Map(),
    manner: { faultEvery: 0, faults: [], perMinute: 0, minuteMs: 60_000 },
    writes: 0,
    counts: { reads: 0, writes: 0, limited: 0 },
    minutes: new Map(),
    barrier: null,
    now: given.now ?? Date.now,
  };
  const server = createServer((request, response) => {
    void readText(request)
      .then((body) => serve(world, request, response, body))
      .catch(() => response.socket?.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    oauth: world.oauth,
    sheet: (spreadsheet, name = 'Sheet1') => {
      const sheets = world.spreadsheets.get(spreadsheet) ?? new Map<string, Grid>();
      world.spreadsheets.set(spreadsheet, sheets);
      const grid = sheets.get(name) ?? [];
      sheets.set(name, grid);
      return grid;
    },
    manner: (manner) => void Object.assign(world.manner, manner),
    holdAppends: (left) => {
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      world.barrier = { left, open, opened };
    },
    counts: world.counts,
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

type Answer = { status: number; body: object; headers?: Record<string, string> };
const refuse = (status: number, name: string, message: string): Answer => ({
  status,
  body: { error: { code: status, message, status: name } },
});

async function serve(world: World, request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  if (serveOauth(world.oauth, request, response, body)) return;
  const send = ({ status, body: answer, headers = {} }: Answer) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
  const token = goodToken(world.oauth, request.headers.authorization);
  if (token === null) return send(refuse(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'));
  const url = new URL(request.url ?? '/', 'http://fake');
  const isRead = request.method === 'GET';
  if (isOverQuota(world, `${token}:${isRead ? 'read' : 'write'}`)) return send(limited(world));
  if (isRead) return send(/^\/v4\/spreadsheets\/[^/]+$/.test(url.pathname) ? describe(world, url) : read(world, url));
  world.writes += 1;
  const { faultEvery, faults } = world.manner;
  const fault = faultEvery > 0 && world.writes % faultEvery === 0 ? faults[(world.writes / faultEvery - 1) % faults.length] : undefined;
  if (fault === 'cut-before') return void response.socket?.destroy();
  if (fault === 'limited') return send(limited(world));
  if (fault === 'server-error') return send(refuse(500, 'INTERNAL', 'Internal error encountered.'));
  const written: Written = JSON.parse(body);
  const answer = isTooLong(written)
    ? refuse(400, 'INVALID_ARGUMENT', 'Your input contains more than the maximum of 50000 characters in a single cell.')
    : await write(world, url, written, fault === 'vanish');
  if (fault === 'cut-after') return void response.socket?.destroy();
  if (fault !== 'hang') send(answer);
}

function isOverQuota(world: World, key: string): boolean {
  if (world.manner.perMinute === 0) return false;
  const recent = (world.minutes.get(key) ?? []).filter((at) => at > world.now() - world.manner.minuteMs);
  const isOver = recent.length >= world.manner.perMinute;
  world.minutes.set(key, isOver ? recent : [...recent, world.now()]);
  return isOver;
}

function limited(world: World): Answer {
  world.counts.limited += 1;
  const { minuteMs } = world.manner;
  return {
    ...refuse(
      429,
      'RESOURCE_EXHAUSTED',
      "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user'.",
    ),
    ...(minuteMs < 60_000 ? { headers: { 'retry-after': String(minuteMs / 1_000) } } : {}),
  };
}

interface Found {
  grid: Grid;
  area: Area;
  name: string;
}

/** The sheet and area of a range; without a name it is the first sheet. */
function find(world: World, spreadsheet: string, range: string): Found | Answer {
  const sheets = world.spreadsheets.get(spreadsheet);
  if (!sheets) return refuse(404, 'NOT_FOUND', 'Requested entity was not found.');
  const area = parseArea(range);
  const name = area?.sheet ?? [...sheets.keys()][0] ?? '';
  const grid = sheets.get(name);
  return area && grid ? { grid, area, name } : refuse(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
}

/** The names of a spreadsheet's sheets. */
function describe(world: World, url: URL): Answer {
  const sheets = world.spreadsheets.get(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''));
  if (!sheets) return refuse(404, 'NOT_FOUND', 'Requested entity was not found.');
  world.counts.reads += 1;
  return {
    status: 200,
    body: { properties: { title: 'Orders 2026' }, sheets: [...sheets.keys()].map((title) => ({ properties: { title } })) },
  };
}

function read(world: World, url: URL): Answer {
  const [, spreadsheet = '', range = ''] = /^\/v4\/spreadsheets\/([^/]+)\/values\/([^/:]+.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  const found = find(world, spreadsheet, range);
  if ('status' in found) return found;
  world.counts.reads += 1;
  const values = readArea(found.grid, found.area);
  return { status: 200, body: { range, majorDimension: 'ROWS', ...(values.length > 0 ? { values } : {}) } };
}

interface Written {
  values?: Cell[][];
  valueInputOption?: string;
  data?: { range: string; values: Cell[][] }[];
}

/** Then Google writes none of the rows of that call. */
const isTooLong = ({ values = [], data = [] }: Written): boolean =>
  [...values, ...data.flatMap((each) => each.values)].flat().some((cell) => String(cell).length > 50_000);

async function write(world: World, url: URL, body: Written, vanishes: boolean): Promise<Answer> {
  const [, spreadsheet = '', rest = ''] = /^\/v4\/spreadsheets\/([^/]+)\/values(.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  if (rest === ':batchUpdate') return update(world, spreadsheet, body, vanishes);
  const [, range = ''] = /^\/(.+):append$/.exec(rest) ?? [];
  const found = find(world, spreadsheet, range);
  if ('status' in found) return found;
  return append(world, found, { rows: body.values ?? [], query: url.searchParams, vanishes });
}

function update(world: World, spreadsheet: string, body: Written, vanishes: boolean): Answer {
  const places = (body.data ?? []).map(({ range, values }) => ({ values, found: find(world, spreadsheet, range) }));
  for (const { found } of places) if ('status' in found) return found;
  world.counts.writes += 1;
  for (const { found, values } of places)
    if (!('status' in found) && !vanishes)
      writeArea(
        found.grid,
        found.area,
        values.map((row) => row.map((cell) => typed(cell, body.valueInputOption ?? null))),
      );
  return { status: 200, body: { totalUpdatedRows: places.length } };
}

async function append(
  world: World,
  { grid, name }: Found,
  { rows, query, vanishes }: { rows: Cell[][]; query: URLSearchParams; vanishes: boolean },
): Promise<Answer> {
  const overwritten = endOfTable(grid);
  const { barrier } = world;
  if (barrier) {
    barrier.left -= 1;
    if (barrier.left === 0) barrier.open();
    await barrier.opened;
  }
  const values = rows.map((row) => row.map((cell) => typed(cell, query.get('valueInputOption'))));
  // Without INSERT_ROWS the place is chosen before the rows are written: whoever comes at the same time chooses the same.
  const isInserting = query.get('insertDataOption') === 'INSERT_ROWS';
  const at = isInserting ? endOfTable(grid) : overwritten;
  if (!vanishes && isInserting) grid.splice(at, 0, ...values);
  else if (!vanishes) writeArea(grid, { fromRow: at, fromColumn: 0 }, values);
  world.counts.writes += 1;
  const updatedRange = `'${name}'!A${at + 1}:Z${at + rows.length}`;
  return { status: 200, body: { tableRange: `'${name}'!A1:Z${Math.max(1, at)}`, updates: { updatedRange, updatedRows: rows.length } } };
}
