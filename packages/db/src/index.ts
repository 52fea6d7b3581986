export * from './id.ts';
export * from './migrate.ts';
export * from './pool.ts';
export * from './live.ts';
