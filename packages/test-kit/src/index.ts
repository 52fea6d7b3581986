export * from './flows.ts';
export * from './test-browser.ts';
export * from './test-database.ts';
export * from './test-temporal.ts';
export * from './s3-server.ts';
