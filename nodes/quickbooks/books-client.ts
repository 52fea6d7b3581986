import { createHash } from 'node:crypto';
import { HoldfastError, say } from '@holdfast/errors';
import type { EffectContext, EgressRequest, EgressResponse, JsonObject, JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { given, keyOf, type Entity, type Given } from './records.ts';

const minorVersion = '75';
/** Intuit asks to be left alone for a minute after a 429. */
const pauseMs = 60_000;
/** Somebody who saves the same record at the same time is given way to so often. */
const maxReads = 4;

const faults = z.object({
  Fault: z.object({
    Error: z.array(z.object({ Message: z.string().default(''), Detail: z.string().default(''), code: z.string().default('') })),
  }),
});
const found = z.object({ QueryResponse: z.looseObject({}) });

export interface SearchCondition {
  /** A name, with a point at most. */
  field: string;
  operator: '=' | '<' | '>' | '<=' | '>=' | 'like';
  value: string;
}

export interface BooksClient {
  /** Exactly this value of the entity's own key, or of another field. */
  find: (entity: Entity, value: string, options?: { field?: string; limit?: number }) => Promise<Given[]>;
  /** All that fit every condition, in the order of QuickBooks. */
  search: (entity: Entity, conditions: readonly SearchCondition[], limit: number) => Promise<Given[]>;
  /** Once, however often it is asked: QuickBooks answers a repeated request id with what it answered first. */
  create: (entity: Entity, body: JsonObject) => Promise<Given>;
  /** Changes what the body names. A record that was saved by somebody else in between is read again first. */
  change: (entity: Entity, row: Given, body: JsonObject) => Promise<Given>;
}

type Call = (request: Pick<EgressRequest, 'method' | 'url' | 'query' | 'body'>) => Promise<EgressResponse>;

const callerOf =
  ({ egress }: Pick<EffectContext, 'egress'>, credential: string): Call =>
  async (request) => {
    const response = await egress
      .request({
        ...request,
        credential,
        query: { ...request.query, minorversion: minorVersion },
        headers: { accept: 'application/json', ...(request.body === undefined ? {} : { 'content-type': 'application/json' }) },
        isIdempotent: true,
        timeoutMs: 30_000,
      })
      .catch((error: unknown) => {
        throw patient(error);
      });
    const problem = faults.safeParse(response.body).data?.Fault.Error[0];
    if (problem || response.status >= 400)
      throw new BooksProblem(response.status, problem?.code ?? '', [problem?.Message, problem?.Detail]);
    return response;
  };

/** Reads of a company beside those of a step: `cdc`, `query`. Answers the body. */
export const askBooks =
  (context: Pick<EffectContext, 'egress'>, credential: string) =>
  async (url: string, query: Record<string, string>): Promise<JsonValue> =>
    (await worded(callerOf(context, credential)({ method: 'GET', url, query }))).body;

export function openBooks(
  context: Pick<EffectContext, 'egress'>,
  { credential, key, triesAgain }: { credential: string; key: string; triesAgain: boolean },
): BooksClient {
  const call = callerOf(context, credential);
  const save = async (entity: Entity, body: JsonObject, part: string): Promise<Given> => {
    const answer = await call({
      method: 'POST',
      url: entity.toLowerCase(),
      query: { requestid: requestId(`${key}/${part}`) },
      body: JSON.stringify(body),
    });
    const row = z.looseObject({ [entity]: given }).safeParse(answer.body).data?.[entity];
    const parsed = given.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new HoldfastError('upstream.broken', { detail: say`QuickBooks said yes, but its answer holds no ${entity}.` });
  };
  const ask = async (entity: Entity, query: string): Promise<Given[]> => {
    const answer = await call({ method: 'GET', url: 'query', query: { query } });
    return z.array(given).parse(found.parse(answer.body).QueryResponse[entity] ?? []);
  };
  const find: BooksClient['find'] = (entity, value, { field = keyOf[entity], limit = 10 } = {}) =>
    ask(entity, `select * from ${entity} where ${field} = '${escaped(value)}' maxresults ${limit}`);
  const search: BooksClient['search'] = (entity, conditions, limit) => {
    const where = conditions.map(({ field, operator, value }) => `${field} ${operator} '${escaped(value)}'`).join(' and ');
    return ask(entity, `select * from ${entity}${where === '' ? '' : ` where ${where}`} maxresults ${limit}`);
  };
  return {
    find: (...args) => worded(find(...args)),
    search: (...args) => worded(search(...args)),
    create: (entity, body) => worded(save(entity, body, `create-${entity}`)),
    change: (entity, row, body) => worded(changeWith({ find, save, mostReads: triesAgain ? maxReads : 1 }, { entity, row, body })),
  };
}

/** Values come from customers: what would end the text in a query is made harmless. */
const escaped = (value: string): string => value.replaceAll(/['\\]/g, (sign) => `\\${sign}`);

/** At most 50 signs, the same for the same part of the same step. */
const requestId = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 40);

async function changeWith(
  {
    find,
    save,
    mostReads,
  }: { find: BooksClient['find']; save: (entity: Entity, body: JsonObject, part: string) => Promise<Given>; mostReads: number },
  { entity, row, body }: { entity: Entity; row: Given; body: JsonObject },
): Promise<Given> {
  let current = row;
  for (let reads = 1; ; reads += 1) {
    try {
      // A new token is a new request: under the same id the refusal would be answered again.
      return await save(
        entity,
        { ...body, Id: current.Id, SyncToken: current.SyncToken, sparse: true },
        `change-${current.Id}-${current.SyncToken}`,
      );
    } catch (error) {
      const isStale = error instanceof BooksProblem && error.code === '5010';
      if (isStale && mostReads === 1) throw changedMeanwhile();
      if (!isStale || reads === mostReads) throw error;
      const [newer] = await find(entity, current.Id, { field: 'Id', limit: 1 });
      if (!newer) throw error;
      current = newer;
    }
  }
}

const changedMeanwhile = (): HoldfastError =>
  new HoldfastError('upstream.refused', {
    detail: 'Somebody else saved the record at the same moment (5010). Nothing was changed.',
    hint: 'Look at the record in QuickBooks, then try again.',
  });

/** What QuickBooks itself says no with. */
class BooksProblem extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, said: readonly (string | undefined)[]) {
    super([...new Set(said.filter((text) => text !== undefined && text !== ''))].join(': ').slice(0, 300));
    this.status = status;
    this.code = code;
  }
}

async function worded<T>(act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    throw error instanceof BooksProblem ? inWords(error) : error;
  }
}

function inWords({ status, code, message }: BooksProblem): HoldfastError {
  const said = message === '' ? '' : `: ${message}`;
  if (status === 401 || status === 403)
    return new HoldfastError('upstream.unauthorized', {
      detail: say`QuickBooks did not accept the connection (${status})${said}`,
      hint: 'Test it under Connections.',
    });
  // Somebody saves this record again and again; later there may be peace.
  if (code === '5010')
    return new HoldfastError('upstream.limited', { detail: say`The record is being changed by others${said}`, retryAfterMs: 2_000 });
  return new HoldfastError('upstream.refused', {
    detail: say`QuickBooks refused (${status}${code === '' ? '' : `, ${code}`})${said}`,
    hint: 'Look at the settings of this step, and at the record in QuickBooks.',
  });
}

function patient(error: unknown): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'upstream.limited' || error.retryAfterMs !== undefined) return error;
  return new HoldfastError('upstream.limited', { detail: error.words.detail, retryAfterMs: pauseMs, cause: error });
}
