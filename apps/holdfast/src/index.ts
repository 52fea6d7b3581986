export * from './settings.ts';
export * from './run-file.ts';
