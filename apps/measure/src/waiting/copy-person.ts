import { stepId } from '@holdfast/test-kit/flows';
import pg from 'pg';
import type { Product } from '../product/product.ts';

/** Whose conversation is copied; the copies are called `person-1`, `person-2` … */
export const original = 'person-original';

/** Every table in which a conversation that waits has rows, parents first, and which rows these are. */
const tables = [
  ['contacts', `name = '${original}'`],
  ['identities', `contact_id = (select id from contacts where name = '${original}')`],
  ['conversations', `contact_id = (select id from contacts where name = '${original}')`],
  ['runs', `contact_id = (select id from contacts where name = '${original}')`],
  ['journal', `run_id = (select r.id from runs r join contacts c on c.id = r.contact_id where c.name = '${original}')`],
  ['messages', `conversation_id = (select v.id from conversations v join contacts c on c.id = v.contact_id where c.name = '${original}')`],
  ['inbox', `conversation_id = (select v.id from conversations v join contacts c on c.id = v.contact_id where c.name = '${original}')`],
  ['effects', `conversation_id = (select v.id from conversations v join contacts c on c.id = v.contact_id where c.name = '${original}')`],
] as const;

/** What must differ from copy to copy. Steps are a chain of hashes from the run's first on, which the journal checks. */
const ownIds = ['id', 'event_id', 'provider_message_id'];

type Row = Record<string, unknown>;

/**
 * Makes `count` more conversations that wait for an answer exactly as the original does. They know no workflow, as after the loss of Temporal's
 * database; asking 10,000 people one by one would take minutes.
 */
export async function copyPerson(product: Product, count: number): Promise<void> {
  const { databaseUrl } = await product.addresses();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const found: { table: string; rows: Row[] }[] = [];
    for (const [table, condition] of tables)
      found.push({
        table,
        rows: (await client.query<{ row: Row }>(`select to_jsonb(t) as row from ${table} t where ${condition}`)).rows.map(({ row }) => row),
      });
    const ids = [...new Set(found.flatMap(({ rows }) => rows.flatMap(idsIn)))].toSorted((a, b) => b.length - a.length);
    const chain = chainOf(found.find(({ table }) => table === 'journal')?.rows ?? []);
    const copies = Array.from({ length: count }, (_, index) => JSON.stringify(stepsOfCopy(chain, index + 1)));
    await client.query('begin');
    for (const { table, rows } of found) for (const row of rows) await insertCopies(client, { table, row, ids, chain, copies });
    await client.query('commit');
  } finally {
    await client.end();
  }
}

const idsIn = (row: Row): string[] => ownIds.map((name) => row[name]).filter((id): id is string => typeof id === 'string' && id !== '');

interface Link {
  step: string;
  parent: string | null;
  edge: string;
}

/** The steps of the original, each once, in the order in which they came up. */
function chainOf(journal: readonly Row[]): Link[] {
  const links = new Map<string, Link>();
  for (const { entry } of journal.toSorted((a, b) => Number(a['seq']) - Number(b['seq']))) {
    const { step, parent = null, edge = '' } = entry as Partial<Link>; // as: our own journal's entries
    if (step !== undefined && !links.has(step)) links.set(step, { step, parent, edge });
  }
  return [...links.values()];
}

function stepsOfCopy(chain: readonly Link[], copy: number): string[] {
  const made = new Map<string, string>();
  for (const { step, parent, edge } of chain)
    made.set(step, parent === null ? `${step}-${copy}` : stepId(made.get(parent) ?? parent, edge));
  return [...made.values()];
}

interface Copied {
  table: string;
  row: Row;
  ids: readonly string[];
  chain: readonly Link[];
  /** The steps of each copy, as JSON. */
  copies: readonly string[];
}

async function insertCopies(client: pg.Client, { table, row, ids, chain, copies }: Copied): Promise<void> {
  const written = await client.query<{ names: string }>(
    `select string_agg(column_name, ', ') as names from information_schema.columns where table_name = $1 and table_schema = 'public' and is_generated = 'NEVER' and is_identity = 'NO'`,
    [table],
  );
  const columns = written.rows[0]?.names ?? '';
  // ¤0¤ stands for the copy's first step, § for its number.
  const withSteps = chain.reduce((text, { step }, index) => text.replaceAll(step, `¤${index}¤`), JSON.stringify(row));
  const marked = ids.reduce((text, id) => text.replaceAll(id, `${id}-§`), withSteps.replaceAll(original, 'person-§'));
  const filled = chain.reduce((text, _link, index) => `replace(${text}, '¤${index}¤', steps ->> ${index})`, `replace($1, '§', n::text)`);
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from unnest($2::jsonb[]) with ordinality as copy (steps, n),
       lateral jsonb_populate_record(null::${table}, (${filled})::jsonb)`,
    [marked, copies],
  );
}
