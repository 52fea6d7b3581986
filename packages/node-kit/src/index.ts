export * from './clean.ts';
export * from './define.ts';
export * from './duration.ts';
export * from './implement.ts';
export * from './json.ts';
export * from './messages.ts';
export type * from './meta.ts';
export type * from './scope.ts';
