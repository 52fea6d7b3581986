export * from './flow-text.ts';
export * from './play-flow.ts';
export * from './random-flow.ts';
export * from './random-run.ts';
export * from './recorded-runs.ts';
export * from './same-journal.ts';
export * from './talk.ts';
export * from './test-catalog.ts';
export { stepId } from '@holdfast/graph';
