import type { JsonObject, JsonValue } from './json.ts';

export const databaseValueKinds = ['text', 'number', 'yes-no', 'date', 'json'] as const;

/** A value of a statement. It never becomes a part of its text. */
export interface DatabaseValue {
  name: string;
  value: JsonValue;
  as: (typeof databaseValueKinds)[number];
  /** Nothing at all instead of an empty text. */
  emptyIsNull: boolean;
}

export interface DatabaseRequest {
  credential: string;
  /** `query` reads, in a transaction that the server knows as read-only. */
  operation: 'query' | 'change';
  /** One statement; `:name` stands for a value. */
  sql: string;
  values: readonly DatabaseValue[];
  /** A query answers so many rows at most; a change that concerns more is taken back. */
  mostRows: number;
  timeoutMs: number;
  /** It comes to the same however often it is made, so one whose fate is unknown is made again. */
  isRepeatable: boolean;
  /** Distinguishes several statements of one step. */
  part?: string;
}

/** Why the database did not take the values: a rule of its tables, or a value that does not fit its column. */
export interface DatabaseRefusal {
  kind: 'exists-already' | 'refers-to-nothing' | 'missing' | 'rule' | 'value' | 'too-many';
  /** What it is called there, if the database says so. */
  constraint: string | null;
  table: string | null;
  columns: string[];
  /** One sentence for people, without the values. */
  reason: string;
}

export interface DatabaseAnswer {
  rows: JsonObject[];
  /** Rows that came, or that were changed. */
  rowCount: number;
  /** There is more than `mostRows` or a megabyte. */
  isTruncated: boolean;
  refusal: DatabaseRefusal | null;
}
