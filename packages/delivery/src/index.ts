export type * from './step-send.ts';
