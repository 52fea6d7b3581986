import { HoldfastError, say, type Words } from '@holdfast/errors';
import { SupersededError, type TargetAccess } from './target.ts';

/** What a driver threw, in words that say what to do. Passwords are cut out wherever they stand. */
export function targetProblem(error: unknown, access: TargetAccess): Error {
  if (error instanceof HoldfastError || error instanceof SupersededError) return error;
  const code = codeOf(error);
  const known = explain(code, access);
  if (known) return new HoldfastError(known.code ?? 'mirror.target', { ...known.text, cause: cleaned(error, access) });
  return new HoldfastError('mirror.target', {
    detail: say`${access.host} answered: ${clean(messageOf(error), access)}`,
    hint: 'Show this to whoever runs that database. It is tried again by itself.',
    cause: cleaned(error, access),
  });
}

/** Wraps what talks to a target, so that its errors come in people's words. */
export const inPeoplesWords =
  (access: TargetAccess) =>
  <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
  (...args: A): Promise<R> =>
    work(...args).catch((error: unknown) => {
      throw targetProblem(error, access);
    });

interface Explained {
  code?: 'mirror.changed';
  text: { detail: Words; hint: Words };
}

function explain(code: string, { host, port, user, database, schema, kind }: TargetAccess): Explained | null {
  const where = `${host}:${port}`;
  const trouble = (detail: Words, hint: Words): Explained => ({ text: { detail, hint } });
  const changed = (what: string): Explained => ({
    code: 'mirror.changed',
    text: {
      detail: say`${what} Nothing was lost here.`,
      hint: 'Press “Sync from the start again”: what is missing there is made, and all rows are copied once more.',
    },
  });
  if (/^(28P01|28000|ORA-01017|ORA-28000)$/.test(code))
    return trouble(
      say`${where} did not accept the user "${user}" with this password.`,
      'Enter the password again. It is tried again by itself too.',
    );
  if (/^(3D000|NJS-518|NJS-517|ORA-12514|ORA-12505)$/.test(code))
    return trouble(
      say`There is no ${kind === 'oracle' ? 'service' : 'database'} "${database}" at ${where}.`,
      kind === 'oracle' ? 'Copy the service name from its connection string.' : 'Create it there, or correct its name.',
    );
  if (/^(42501|ORA-01031|ORA-00942|ORA-01950)$/.test(code) && code !== 'ORA-00942')
    return trouble(
      say`The user "${user}" may not do this in ${kind === 'oracle' ? 'its schema' : say`the schema "${schema}"`}.`,
      kind === 'oracle'
        ? 'Grant it CREATE SESSION, CREATE TABLE, CREATE VIEW and a quota on its tablespace.'
        : say`Let it create tables there: grant usage, create on schema ${schema} to "${user}";`,
    );
  if (/^(3F000)$/.test(code))
    return trouble(say`There is no schema "${schema}" in the database "${database}".`, say`Create it: create schema ${schema};`);
  if (/^(42P01|ORA-00942)$/.test(code)) return changed('A table of the mirror is not there any more.');
  if (/^(42703|ORA-00904)$/.test(code)) return changed('A column of the mirror is not there any more.');
  if (
    /^(42804|42846|22P02|42P16|42P10|23502|23514|23503|22001|ORA-00932|ORA-12899|ORA-01400|ORA-02290|ORA-02291|ORA-01722|ORA-00913)$/.test(
      code,
    )
  )
    return {
      code: 'mirror.changed',
      text: {
        detail: say`A table of the mirror does not take our rows any more (${code}): somebody changed a column’s type or added a rule.`,
        hint: 'Undo that change there. Or remove the table and press “Sync from the start again”.',
      },
    };
  if (/^(53100|ORA-01653|ORA-01536|ORA-01654|ORA-01691)$/.test(code))
    return trouble(say`The database at ${where} has no room left.`, 'Make room there; it is tried again by itself.');
  if (/^(25006|ORA-16000)$/.test(code))
    return trouble(
      say`The database at ${where} takes no changes: it is a read-only copy.`,
      'Give the address of the one that is written to.',
    );
  if (/^(55P03|57014|40P01|40001|ORA-00054|ORA-00060)$/.test(code))
    return trouble(say`The database at ${where} kept us waiting for rows that somebody else holds.`, 'It is tried again by itself.');
  if (/^(57P01|57P02|57P03|08006|08003|08001|ORA-01033|ORA-01034|ORA-12528|ORA-03113|ORA-03114)$/.test(code))
    return trouble(say`The database at ${where} is starting or ending.`, 'It is tried again by itself.');
  if (/^(53300|ORA-00018|ORA-00020)$/.test(code))
    return trouble(say`The database at ${where} takes no further connections.`, 'It is tried again by itself.');
  return network(code, where);
}

function network(code: string, where: string): Explained | null {
  const trouble = (detail: Words, hint: Words): Explained => ({ text: { detail, hint } });
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|NJS-503|NJS-541)$/.test(code))
    return trouble(
      say`Nothing answers at ${where}.`,
      'Check the address and that the database runs and lets this machine in. It is tried again by itself.',
    );
  if (/^(ECONNRESET|EPIPE|NJS-500|NJS-501|NJS-521)$/.test(code))
    return trouble(say`${where} cut the connection.`, 'It is tried again by itself.');
  if (/^(ETIMEDOUT|NJS-510|NJS-040|DPI-1067)$/.test(code))
    return trouble(say`${where} did not answer in time.`, 'It is tried again by itself.');
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return trouble(say`There is no server with the name of ${where}.`, 'Correct the address.');
  if (/CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^NJS-505$|^NJS-507$|^NJS-508$|^NJS-506$|^ERR_OSSL/.test(code))
    return trouble(
      say`The certificate of ${where} could not be verified.`,
      'Paste the certificate of whoever signed it (PEM) under “Certificates”, and connect by the name it is made out to.',
    );
  if (code === 'NO_TLS')
    return trouble(say`${where} does not encrypt connections.`, 'Switch encryption on there; or off here, if the way to it is private.');
  return null;
}

/** SQLSTATE, ORA-… or NJS-…, or the network's. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const message = messageOf(error);
  if (/server does not support SSL/i.test(message)) return 'NO_TLS';
  if (/timeout|timed out/i.test(message)) return 'ETIMEDOUT';
  if (/Connection terminated|connection ended/i.test(message)) return 'ECONNRESET';
  const oracle = /\bORA-\d{5}\b/.exec(message)?.[0];
  if (oracle) return oracle;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function clean(text: string, { password, certificatesPassword }: TargetAccess): string {
  const secrets = [password, certificatesPassword].filter((secret) => secret !== null && secret !== '');
  return secrets.reduce((kept: string, secret) => kept.replaceAll(String(secret), '…'), text.replaceAll(/\s+/g, ' ').slice(0, 400));
}

/** A driver's error carries the connection's settings and the rows that were bound; only its words may reach a log. */
const cleaned = (error: unknown, access: TargetAccess): Error => new Error(clean(messageOf(error), access));
