export type { Admission, Gate, ProviderCall } from './admission.ts';
export { ownWindows } from './hints.ts';
export { createProviders, ungated, type Providers } from './create-providers.ts';
