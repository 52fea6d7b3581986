export * from './secrets.ts';
export * from './secret-key.ts';
export * from './open-credential.ts';
