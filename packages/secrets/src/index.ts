export * from './secrets.ts';
export * from './secret-key.ts';
export * from './connect.ts';
export * from './credentials.ts';
export { findOpenCredential, type OpenCredential } from './open-credential.ts';
