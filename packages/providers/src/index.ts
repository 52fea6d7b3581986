export type { Admission, Gate, ProviderCall } from './admission.ts';
export { createProviders, ungated, type Providers } from './create-providers.ts';
export { startDeliverer, type Deliverer } from './deliver-kept.ts';
export { NotNow, type CarriedOut, type CarryOut, type StepToCarryOut } from './deliver-step.ts';
export { ownWindows } from './hints.ts';
export { everyMsOf } from './limiter.ts';
export { providerOf, type Provider } from './provider-of.ts';
export type { SendGate, SendRoom } from './send-gate.ts';
