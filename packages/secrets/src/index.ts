export * from './secrets.ts';
export * from './secret-key.ts';
