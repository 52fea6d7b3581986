export * from './cli/back-up.ts';
export * from './cli/create-api-key.ts';
export * from './cli/export-flows.ts';
export * from './cli/import-flow.ts';
export * from './cli/restore.ts';
export * from './start-server.ts';
export { watchTemporal, type TemporalAccess } from './temporal-access.ts';
