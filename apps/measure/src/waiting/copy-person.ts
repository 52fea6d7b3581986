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

/** What must differ from copy to copy wherever it stands, also inside a journal entry. */
const identifying = new Set(['id', 'step_id', 'event_id', 'provider_message_id', 'step', 'parent']);

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
    await client.query('begin');
    for (const { table, rows } of found) for (const row of rows) await insertCopies(client, { table, row, ids, count });
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/** The strings under identifying names, at any depth. */
function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    identifying.has(name) && typeof inner === 'string' && inner !== '' ? [inner] : idsIn(inner),
  );
}

async function insertCopies(
  client: pg.Client,
  { table, row, ids, count }: { table: string; row: Row; ids: string[]; count: number },
): Promise<void> {
  const { seq: _, ...rest } = row;
  const columns = Object.keys(rest).join(', ');
  // § stands for the copy's number. What is replaced already is not looked at again: no id is part of another one's copy.
  const marked = ids
    .reduce((text, id, index) => text.replaceAll(id, `¤${index}¤`), JSON.stringify(rest).replaceAll(original, 'person-§'))
    .replaceAll(/¤(\d+)¤/g, (_whole, index: string) => `${ids[Number(index)]}-§`);
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from generate_series(1, $2::int) n, lateral jsonb_populate_record(null::${table}, replace($1, '§', n::text)::jsonb)`,
    [marked, count],
  );
}
