import type { testBrowser } from '@holdfast/test-kit/browser';

export type Browser = Awaited<ReturnType<typeof testBrowser>>;
export type BrowserContext = Awaited<ReturnType<Browser['newContext']>>;
export type Page = Awaited<ReturnType<Browser['newPage']>>;
export type Route = Parameters<Parameters<Page['route']>[1]>[0];
