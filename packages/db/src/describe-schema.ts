import type { Queryable } from './pool.ts';

// PostgreSQL's own words for each thing, in a fixed order; `pg_dump` isn't part of the embedded PostgreSQL.
const tables = `select c.relname as name,
    (select string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
              case when a.attidentity <> '' then ' generated always as identity' else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end), E',\\n' order by a.attnum)
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select string_agg(format('  constraint %I %s', conname, pg_get_constraintdef(oid)), E',\\n' order by conname) from pg_constraint where conrelid = c.oid and contype <> 'n') as constraints,
    (select string_agg(pg_get_indexdef(i.indexrelid) || ';', E'\\n' order by pg_get_indexdef(i.indexrelid)) from pg_index i
      where i.indrelid = c.oid and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)) as indexes,
    (select string_agg(pg_get_triggerdef(oid) || ';', E'\\n' order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'migrations' order by c.relname`;
const functions = `select pg_get_functiondef(oid) as definition from pg_proc where pronamespace = 'public'::regnamespace order by proname`;

interface TableText {
  name: string;
  columns: string;
  constraints: string | null;
  indexes: string | null;
  triggers: string | null;
}

/** The schema that the migrations produce, as SQL to read and compare. */
export async function describeSchema(db: Queryable): Promise<string> {
  const found = await db.query<TableText>(tables);
  const texts = found.rows.map(({ name, columns, constraints, indexes, triggers }) => {
    const body = constraints === null ? columns : `${columns},\n${constraints}`;
    return [`create table ${name} (\n${body}\n);`, ...(indexes === null ? [] : [indexes]), ...(triggers === null ? [] : [triggers])].join(
      '\n',
    );
  });
  const made = await db.query<{ definition: string }>(functions);
  return `${['-- Written by describe-schema.integration.test.ts from the migrations. Don’t edit: run that test with -u after a new migration.', ...made.rows.map(({ definition }) => `${definition.trim()};`), ...texts].join('\n\n')}\n`;
}
