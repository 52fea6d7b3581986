export * from './child.ts';
export * from './file-lock.ts';
export * from './free-port.ts';
export * from './postgres.ts';
export * from './process-identity.ts';
export * from './stack-error.ts';
export * from './temporal.ts';
export * from './temporal-binary.ts';
