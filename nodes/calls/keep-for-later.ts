import type { EffectContext, EgressRequest, Outcome } from '@holdfast/node-kit';
import { keepsCall, type CallSettings } from './call-settings.ts';

/** The last thing that may stand in: the step ends now, and the call is delivered when its provider takes it. Null where staff did not ask for that. */
export async function keepForLater(
  context: EffectContext,
  settings: CallSettings,
  request: EgressRequest,
  { onlyBehind = false }: { onlyBehind?: boolean } = {},
): Promise<Outcome | null> {
  const orderKey = settings.orderKey.trim();
  if (!keepsCall(settings) || (onlyBehind && orderKey === '')) return null;
  const kept = await context.keepCall({ request, orderKey, onlyBehind });
  if (!kept) return null;
  context.note({ fallback: 'keep', kept: kept.id });
  return { port: 'kept', output: { status: 202, body: { kept: kept.id }, headers: {}, fallback: 'keep' } };
}
