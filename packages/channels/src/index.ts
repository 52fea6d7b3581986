export type * from './channel-adapter.ts';
