import { isDeepStrictEqual } from 'node:util';
import type { DescribedOperation } from '@holdfast/node-kit';

/** What a newer document means for the operations, by their ids. */
export interface OperationChanges {
  added: string[];
  removed: string[];
  changed: { operation: string; differs: string[] }[];
}

/** Operations are the same by their id; words alone make no difference. */
export function diffOperations(before: readonly DescribedOperation[], after: readonly DescribedOperation[]): OperationChanges {
  const old = new Map(before.map((operation) => [operation.id, operation]));
  const next = new Map(after.map((operation) => [operation.id, operation]));
  return {
    added: [...next.values()].filter(({ id }) => !old.has(id)).map(({ title }) => title),
    removed: [...old.values()].filter(({ id }) => !next.has(id)).map(({ title }) => title),
    changed: [...next.values()].flatMap((operation) => {
      const was = old.get(operation.id);
      const differs = was ? differences(was, operation) : [];
      return differs.length === 0 ? [] : [{ operation: operation.title, differs }];
    }),
  };
}

/** At most ten; signs say what kind of change it is: `+ query.limit`, `- body.note`, `~ body.total`. */
function differences(was: DescribedOperation, is: DescribedOperation): string[] {
  const [old, next] = [was, is].map(({ input }) => new Map(input.map((field) => [field.name, field])));
  if (!old || !next) return [];
  const found = [
    ...[...next.keys()].filter((name) => !old.has(name)).map((name) => `+ ${name}`),
    ...[...old.keys()].filter((name) => !next.has(name)).map((name) => `- ${name}`),
    ...[...next].filter(([name, field]) => old.has(name) && !isSameField(old.get(name), field)).map(([name]) => `~ ${name}`),
  ];
  if (found.length === 0 && !isDeepStrictEqual(was.node, is.node)) return ['~'];
  return found.length > 10 ? [...found.slice(0, 9), `… ${found.length - 9}`] : found;
}

/** Words may change without changing the call. */
const isSameField = (was: DescribedOperation['input'][number] | undefined, is: DescribedOperation['input'][number]): boolean =>
  was?.type === is.type && was.required === is.required && isDeepStrictEqual(was.enum, is.enum);
