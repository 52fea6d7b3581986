import { type ErrorCode, HoldfastError, type Said, say } from '@holdfast/errors';
import type { DatabaseAccess } from './access.ts';
import { oracleRefusal } from './oracle-refusal.ts';
import { postgresRefusal } from './postgres-refusal.ts';
import { RefusedError } from './refused-error.ts';

/** What a driver threw, in words that say what to do; the password in none of them. Where nothing was changed: see `ambiguous` for the rest. */
export function explainFailure(thrown: unknown, access: DatabaseAccess): Error {
  if (thrown instanceof HoldfastError || thrown instanceof RefusedError) return thrown;
  const refusal = access.kind === 'postgresql' ? postgresRefusal(thrown) : oracleRefusal(thrown);
  if (refusal) return new RefusedError({ ...refusal, reason: clean(refusal.reason, access) });
  const code = codeOf(thrown);
  const said = clean(messageOf(thrown), access);
  const known = table.find(([pattern]) => pattern.test(code));
  const [, errorCode, tell, hint] = known ?? [null, 'upstream.broken' as const, () => say`The database answered: ${said}`, ''];
  return new HoldfastError(errorCode, {
    detail: tell({ ...access, where: `${access.host}:${access.port}`, said }),
    ...(hint === '' ? {} : { hint }),
    ...(errorCode === 'step.config' ? { path: 'sql' } : {}),
    // A driver's error carries the connection's settings and the values that were bound; only its words may reach a log.
    cause: new Error(said),
  });
}

/** After the word that a change is to be kept, nothing but the database's clear no tells that it was not. */
export const isClearNo = (thrown: unknown): boolean =>
  thrown instanceof RefusedError ||
  /^(?:2[2357]|40(?!003)|42|44|P0|ORA-(?:0000[1-9]|00060|02\d{3}|01400|12899|20\d{3}))/.test(codeOf(thrown));

export const ambiguous = ({ host, password }: Pick<DatabaseAccess, 'host' | 'password'>, thrown: unknown): HoldfastError =>
  new HoldfastError('upstream.ambiguous', {
    detail: say`The connection to ${host} was lost while the change was being kept. It may be there, or not.`,
    hint: 'Look into the database whether the rows are there; then try again, or skip this step.',
    cause: new Error(clean(messageOf(thrown), { password })),
  });

interface Told extends DatabaseAccess {
  where: string;
  said: string;
}
type Row = readonly [RegExp, ErrorCode, (told: Told) => Said, string];

const again = 'Nothing was changed. It is tried again by itself.';
const table: readonly Row[] = [
  [
    /^(?:28P01|28000|ORA-01017|ORA-28000|ORA-28001|ORA-01045)$/,
    'upstream.unauthorized',
    ({ where, user }) => say`${where} did not accept the user "${user}" with this password.`,
    'Open the connection and enter the password again. If it has expired, set a new one in the database.',
  ],
  [
    /^(?:3D000|ORA-12514|ORA-12505|NJS-518|NJS-517)$/,
    'upstream.refused',
    ({ where, database, kind }) => say`There is no ${kind === 'oracle' ? 'service' : 'database'} "${database}" at ${where}.`,
    'Correct its name in the connection.',
  ],
  [
    /^(?:25001|25006|ORA-01456|ORA-16000)$/,
    'step.config',
    ({ where }) => say`The statement changes something, and ${where} takes no changes in this way. Nothing was changed.`,
    'Choose "Change rows" in the step, with a connection that may write.',
  ],
  [
    /^(?:42501|ORA-01031|ORA-41900)$/,
    'upstream.refused',
    ({ user, said }) => say`The user "${user}" may not do this: ${said}`,
    'Let whoever runs that database grant it, or choose a connection that may.',
  ],
  [
    /^(?:42P18|42P08|42725|42883)$/,
    'step.config',
    ({ said }) => say`The database can't tell what kind of value is meant: ${said}`,
    'Say it in the statement, for example :total::numeric or cast(:total as numeric).',
  ],
  [
    /^(?:57014|ORA-01013)$/,
    'upstream.timeout',
    ({ where }) => say`${where} did not finish in the time of this step, and was told to stop.`,
    again,
  ],
  [
    /^(?:40|55P03|ORA-00060|ORA-08177|ORA-00054)/,
    'upstream.broken',
    ({ where, said }) => say`${where} was busy with others' changes: ${said}`,
    again,
  ],
  [
    /^(?:53300|53400|ORA-00018|ORA-00020|ORA-12516|ORA-12520)$/,
    'upstream.limited',
    ({ where }) => say`${where} takes no further connections now.`,
    again,
  ],
  [
    /^(?:42|0A|26|34|2201|ORA-009\d\d|ORA-017\d\d|ORA-020\d\d|ORA-06550|ORA-01008|ORA-01036|ORA-18\d{3}|NJS-098|NJS-097)/,
    'step.config',
    ({ said }) => say`The database does not understand the statement: ${said}`,
    'Correct the statement. "Try it" shows at once what the database says.',
  ],
  [
    /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|NJS-503|NJS-541|57P0\d|08|ORA-010(?:33|34)|ORA-12528|ORA-12541)/,
    'upstream.unreachable',
    ({ where }) => say`${where} can't be reached, or is just starting or ending.`,
    'Check that the database runs and lets this machine in. It is tried again by itself.',
  ],
  [
    /^(?:ECONNRESET|EPIPE|NJS-500|NJS-501|NJS-521|ORA-0311[34])$/,
    'upstream.unreachable',
    ({ where }) => say`${where} cut the connection.`,
    again,
  ],
  [/^(?:ETIMEDOUT|NJS-510|NJS-040|NJS-123|DPI-1067)$/, 'upstream.timeout', ({ where }) => say`${where} did not answer in time.`, again],
  [
    /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^ERR_OSSL|^NJS-50[5-8]$/,
    'upstream.refused',
    ({ where }) => say`The certificate of ${where} could not be verified, so nothing was said to it.`,
    'Paste the certificate of whoever signed it (PEM) into the connection, and connect by the name it is made out to.',
  ],
  [
    /^NO_TLS$/,
    'upstream.refused',
    ({ where }) => say`${where} does not encrypt connections, so nothing was said to it.`,
    'Switch encryption on there; or off in the connection, if the way to it is private.',
  ],
];

/** SQLSTATE, ORA-… or NJS-…, or the network's. */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0]);
  const message = messageOf(thrown);
  if (/does not support SSL/i.test(message)) return 'NO_TLS';
  const oracle = /\bORA-\d{5}\b/.exec(message)?.[0];
  if (oracle) return oracle;
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code;
  const driver = /\bNJS-\d{3}\b/.exec(message)?.[0];
  if (driver) return driver;
  if (/timeout|timed out/i.test(message)) return 'ETIMEDOUT';
  return /Connection terminated|connection ended|not queryable/i.test(message) ? 'ECONNRESET' : '';
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The password is cut out first: half of it would not be known again. */
const clean = (text: string, { password }: Pick<DatabaseAccess, 'password'>): string =>
  (password.length < 4 ? text : text.replaceAll(password, '…'))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\s*Help: https?:\S+/g, '')
    .toWellFormed()
    .slice(0, 300)
    .trim();
