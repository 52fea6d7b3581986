export * from './canary.ts';
export * from './http-service.ts';
