import { HoldfastError } from '@holdfast/errors';

/** SQLSTATE classes and codes that say "not now" rather than "not this": connection, resources, operator, rollback, lock. */
const passing = /^(08|53|57|58|40|55P03|25P03|XX000)/;
const cutOff =
  /connection terminated|query read timeout|timeout exceeded when trying to connect|connection error|client has encountered|cannot use a pool|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND/i;

/** Whether an error only says that the database was not there for us: trying again later is right, and nobody's data is at fault. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof HoldfastError) return error.code === 'database.unavailable';
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return passing.test(code) || cutOff.test(`${code} ${error.message}`);
}
