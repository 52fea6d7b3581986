import type { JsonObject } from '@holdfast/node-kit';
import type { AlertKind } from './alert-kinds.ts';

const field = { telegram: 'chat', email: 'to', webhook: 'url' } as const satisfies Record<AlertKind, string>;

/** Where an alert goes, as people say it. */
export function targetText(kind: AlertKind, target: JsonObject): string {
  const value = target[field[kind]];
  return typeof value === 'string' ? value : JSON.stringify(target);
}
