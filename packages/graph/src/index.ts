export type * from './edit.ts';
export type * from './finding.ts';
export * from './flow-file.ts';
export * from './journal.ts';
export type * from './run-state.ts';
