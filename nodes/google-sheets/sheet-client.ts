import { HoldfastError, say } from '@holdfast/errors';
import { isJsonObject, type EffectContext, type EgressResponse, type JsonValue } from '@holdfast/node-kit';
import { rangeOf } from './address.ts';

export type Cell = string | number | boolean;

/** The calls that we make to one sheet. Each may be repeated: what is written is looked for before it is written again. */
export interface SheetClient {
  read: (cells: string) => Promise<Cell[][]>;
  /** The names of the spreadsheet and its sheets, as Google tells them. */
  describe: () => Promise<JsonValue>;
  /** Answers what Google says against what is written; nothing of it was then. */
  append: (rows: readonly Cell[][], option: string) => Promise<HoldfastError | null>;
  update: (changes: readonly { cells: string; values: Cell[][] }[], option: string) => Promise<HoldfastError | null>;
}

export interface SheetPlace {
  credential: string;
  spreadsheet: string;
  sheet: string;
}

/** After a silence Google may still be at work, for three minutes at most: the row is looked for when that has had its time. */
const lateMs = 30_000;
const callMs = 20_000;
/** A cell that is too long, a row that is protected; a body that is too large. */
const ofContent: ReadonlySet<number> = new Set([400, 413]);

export function openSheet(egress: EffectContext['egress'], { credential, spreadsheet, sheet }: SheetPlace): SheetClient {
  const base = `/v4/spreadsheets/${spreadsheet}/values`;
  let hasBegun = false;
  const ask = async (method: string, url: string, body?: object): Promise<EgressResponse> => {
    const goesOn = hasBegun;
    const response = await egress
      .request({
        method,
        url,
        credential,
        isIdempotent: true,
        goesOn,
        timeoutMs: callMs,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      })
      .catch((error: unknown) => {
        throw method === 'POST' ? patient(error) : error;
      });
    hasBegun = true;
    return response;
  };
  const call = async (method: string, url: string): Promise<JsonValue> => {
    const response = await ask(method, url);
    if (response.status >= 400) throw refusal(response, sheet);
    return response.body;
  };
  const write = async (url: string, body: object): Promise<HoldfastError | null> => {
    const response = await ask('POST', url, body);
    if (response.status < 400) return null;
    const error = refusal(response, sheet);
    if (!ofContent.has(response.status)) throw error;
    return error;
  };
  const at = (cells: string): string => encodeURIComponent(rangeOf(sheet, cells));
  return {
    read: async (cells) => rowsOf(await call('GET', `${base}/${at(cells)}?majorDimension=ROWS&valueRenderOption=UNFORMATTED_VALUE`)),
    describe: () => call('GET', `/v4/spreadsheets/${spreadsheet}?fields=properties.title,sheets.properties.title`),
    append: (rows, option) =>
      write(`${base}/${at('A1')}:append?valueInputOption=${option}&insertDataOption=INSERT_ROWS`, { majorDimension: 'ROWS', values: rows }),
    update: (changes, option) => {
      const data = changes.map(({ cells, values }) => ({ range: rangeOf(sheet, cells), majorDimension: 'ROWS', values }));
      return write(`${base}:batchUpdate`, { valueInputOption: option, data });
    },
  };
}

function patient(error: unknown): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'upstream.timeout') return error;
  return new HoldfastError('upstream.timeout', { detail: error.words.detail, retryAfterMs: lateMs, cause: error });
}

function rowsOf(body: JsonValue): Cell[][] {
  const values = fieldOf(body, 'values');
  if (!Array.isArray(values)) return [];
  return values.map((row) => (Array.isArray(row) ? row.map(cellOf) : []));
}

const cellOf = (value: JsonValue): Cell => (typeof value === 'object' ? '' : value);

const fieldOf = (value: JsonValue | undefined, name: string): JsonValue | undefined => (isJsonObject(value) ? value[name] : undefined);

function refusal({ status, body }: EgressResponse, sheet: string): HoldfastError {
  const given = fieldOf(fieldOf(body, 'error'), 'message');
  const message = typeof given === 'string' ? given : '';
  const said = message === '' ? '' : `: ${message.slice(0, 200)}`;
  if (status === 401)
    return new HoldfastError('upstream.unauthorized', {
      detail: say`Google did not accept the connection (401)${said}`,
      hint: 'Test it under Connections.',
    });
  if (status === 403)
    return new HoldfastError('upstream.refused', {
      detail: say`Google does not let this connection into the spreadsheet (403)${said}`,
      hint: 'Share the spreadsheet, as an editor, with the account that the connection belongs to.',
    });
  if (status === 404)
    return new HoldfastError('upstream.refused', {
      detail: 'There is no such spreadsheet (404).',
      hint: 'Copy its address from the browser once more.',
    });
  return new HoldfastError('upstream.refused', {
    detail: say`Google refused (${status})${said}`,
    hint:
      sheet.trim() === '' ? 'Look at the settings of this step.' : say`Look whether the spreadsheet has a sheet called "${sheet.trim()}".`,
  });
}
