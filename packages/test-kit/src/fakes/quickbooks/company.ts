import { createBooksWebhooks, type BooksWebhooks } from './webhooks.ts';

export type Entity = 'Customer' | 'Item' | 'Invoice' | 'Estimate' | 'Payment';
export type Row = Record<string, unknown> & { Id: string; SyncToken: string; MetaData: { CreateTime: string; LastUpdatedTime: string } };

export interface Company {
  rows: Record<Entity, Row[]>;
  /** What was answered under a `requestid`: the same is answered again. */
  answered: Map<string, Answer>;
  /** How many changes of each kind are told at once: a thousand at Intuit. */
  changesAtOnce: number;
  deleted: { entity: Entity; Id: string; at: string }[];
  webhooks: BooksWebhooks;
  realmId: string;
  now: () => number;
  /** Somebody else saves the record right before the next change of one. */
  meddles: boolean;
}
export interface Answer {
  status: number;
  body: object;
}

export const createCompany = (realmId: string, now: () => number): Company => ({
  rows: { Customer: [], Item: [], Invoice: [], Estimate: [], Payment: [] },
  answered: new Map(),
  meddles: false,
  changesAtOnce: 1_000,
  deleted: [],
  webhooks: createBooksWebhooks(),
  realmId,
  now,
});

/** A record that was made or changed now, which is told with the next message. */
export function touch(company: Company, entity: Entity, row: { Id: string; MetaData?: Row['MetaData'] }): Row['MetaData'] {
  const at = new Date(company.now()).toISOString();
  const { realmId } = company;
  company.webhooks.note({ entity, id: row.Id, operation: row.MetaData ? 'Update' : 'Create', at, realmId });
  return { CreateTime: row.MetaData?.CreateTime ?? at, LastUpdatedTime: at };
}

/** A record is deleted, which is told too. */
export function remove(company: Company, entity: Entity, id: string): void {
  const at = new Date(company.now()).toISOString();
  company.rows[entity] = company.rows[entity].filter(({ Id }) => Id !== id);
  company.deleted.push({ entity, Id: id, at });
  company.webhooks.note({ entity, id, operation: 'Delete', at, realmId: company.realmId });
}

/** `cdc?entities=Invoice,Customer&changedSince=…`: what changed since, deleted ones too; a thousand of each at most. */
export function changedSince(company: Company, names: string, since: string): Answer {
  const from = Date.parse(since);
  if (Number.isNaN(from) || from < company.now() - 30 * 86_400_000) return fault(400, '1000', 'Invalid changedSince', since);
  const lists = names.split(',').flatMap((name) => {
    const entity = entityOf(name.trim());
    if (!entity) return [];
    const rows: object[] = company.rows[entity].filter(({ MetaData }) => Date.parse(MetaData.LastUpdatedTime) >= from);
    const gone = company.deleted
      .filter((each) => each.entity === entity && Date.parse(each.at) >= from)
      .map(({ Id, at }) => ({ domain: 'QBO', status: 'Deleted', Id, MetaData: { LastUpdatedTime: at } }));
    const found = [...rows, ...gone].slice(0, company.changesAtOnce);
    return [found.length === 0 ? {} : { [entity]: found, startPosition: 1, maxResults: found.length }];
  });
  return { status: 200, body: { CDCResponse: [{ QueryResponse: lists }], time: new Date(company.now()).toISOString() } };
}

export const fault = (status: number, code: string, Message: string, Detail: string): Answer => ({
  status,
  body: {
    Fault: { Error: [{ Message, Detail, code }], type: status === 400 ? 'ValidationFault' : 'SystemFault' },
    time: '2026-11-23T10:00:00.000-08:00',
  },
});

const entityOf = (name: string): Entity | undefined =>
  (['Customer', 'Item', 'Invoice', 'Estimate', 'Payment'] as const).find((entity) => entity.toLowerCase() === name.toLowerCase());

const select =
  /^select \* from (\w+)(?: where ([^]+?))?(?: orderby \w+(?:\.\w+)?(?: desc)?)?(?: startposition (\d+))?(?: maxresults (\d+))?$/i;
const condition = /^([\w.]+) (=|<=|>=|<|>|like) '((?:[^'\\]|\\.)*)'$/i;

/** `select * from Customer where DisplayName = 'Amina' and Balance > '5' maxresults 10`: as much as we ask. */
export function query(company: Company, text: string): Answer {
  const [, from = '', where, start, limit] = select.exec(text) ?? [];
  const entity = entityOf(from);
  const tests = where === undefined ? [] : where.split(/ and (?=[\w.]+ (?:=|<=|>=|<|>|like) ')/i).map((each) => condition.exec(each));
  if (!entity || tests.includes(null))
    return fault(400, '4000', 'Error parsing query', `QueryParserError: Encountered "${text.slice(0, 60)}"`);
  const fits = company.rows[entity].filter((row) =>
    tests.every((test) => holds(row, { field: test?.[1] ?? '', operator: test?.[2]?.toLowerCase() ?? '=', value: test?.[3] ?? '' })),
  );
  const first = Number(start ?? 1) - 1;
  const rows = fits.slice(first, first + Number(limit ?? 100));
  return { status: 200, body: { QueryResponse: rows.length === 0 ? {} : { [entity]: rows, startPosition: 1, maxResults: rows.length } } };
}

function holds(row: Row, { field, operator, value }: { field: string; operator: string; value: string }): boolean {
  const found = field === 'MetaData.LastUpdatedTime' ? row.MetaData.LastUpdatedTime : row[field];
  const own = (typeof found === 'string' || typeof found === 'number' ? String(found) : '').toLowerCase();
  const wanted = value.replaceAll(/\\(.)/g, '$1').toLowerCase();
  if (operator === 'like') return own.includes(wanted.replaceAll('%', ''));
  if (operator === '=') return own === wanted;
  const difference = typeof found === 'number' ? found - Number(wanted) : Date.parse(own) - Date.parse(wanted);
  return operator.startsWith('<')
    ? difference < 0 || (operator === '<=' && difference === 0)
    : difference > 0 || (operator === '>=' && difference === 0);
}

/** Makes a record, or changes one when the body has its Id; `sparse` keeps what it doesn't name. */
export function save(company: Company, name: string, { body, requestId }: { body: Partial<Row>; requestId: string | null }): Answer {
  const entity = entityOf(name);
  if (!entity) return fault(400, '2010', 'Request has invalid or unsupported property', name);
  const before = requestId === null ? undefined : company.answered.get(requestId);
  if (before) return before;
  const answer = body.Id === undefined ? make(company, entity, body) : change(company, entity, { ...body, Id: body.Id });
  if (requestId !== null && answer.status === 200) company.answered.set(requestId, answer);
  return answer;
}

function make(company: Company, entity: Entity, body: Partial<Row>): Answer {
  const rows = company.rows[entity];
  if (entity === 'Customer' && rows.some(({ DisplayName }) => DisplayName === body['DisplayName']))
    return fault(400, '6240', 'Duplicate Name Exists Error', 'The name supplied already exists.');
  const all = Object.values(company.rows).flat().length;
  const total = totalOf(body);
  const Id = String(all + 1);
  const row: Row = {
    ...body,
    Id,
    SyncToken: '0',
    MetaData: touch(company, entity, { Id }),
    ...(entity === 'Invoice' || entity === 'Estimate'
      ? { DocNumber: body['DocNumber'] ?? String(1001 + rows.length), TotalAmt: total, Balance: total }
      : {}),
  };
  rows.push(row);
  if (entity === 'Payment') settle(company, body);
  return { status: 200, body: { [entity]: { ...row }, time: '2026-11-23T10:00:00.000-08:00' } };
}

function change(company: Company, entity: Entity, body: Partial<Row> & { Id: string }): Answer {
  const row = company.rows[entity].find(({ Id }) => Id === body.Id);
  if (!row) return fault(400, '610', 'Object Not Found', 'Object Not Found : Something you’re trying to use has been made inactive.');
  if (company.meddles) {
    company.meddles = false;
    Object.assign(row, { SyncToken: String(Number(row.SyncToken) + 1), Notes: 'somebody else was here' });
  }
  if (body.SyncToken !== row.SyncToken)
    return fault(400, '5010', 'Stale Object Error', 'Stale Object Error : You and another user were working on this at the same time.');
  Object.assign(row, body, { SyncToken: String(Number(row.SyncToken) + 1), MetaData: touch(company, entity, row) });
  return { status: 200, body: { [entity]: { ...row } } };
}

interface Line {
  Amount?: number;
  LinkedTxn?: { TxnId: string }[];
}
const linesOf = (body: Partial<Row>): Line[] => (Array.isArray(body['Line']) ? (body['Line'] as Line[]) : []); // what our own client sends
const totalOf = (body: Partial<Row>): number => linesOf(body).reduce((sum, { Amount = 0 }) => sum + Amount, 0);

function settle(company: Company, payment: Partial<Row>): void {
  for (const { Amount = 0, LinkedTxn = [] } of linesOf(payment))
    for (const { TxnId } of LinkedTxn) {
      const invoice = company.rows.Invoice.find(({ Id }) => Id === TxnId);
      if (invoice) invoice['Balance'] = Number(invoice['Balance']) - Amount;
    }
}
