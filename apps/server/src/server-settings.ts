import { readForcedLane, type ForcedLane } from '@holdfast/runs';

/** What the server reads from the environment, checked once at the start. */
export interface ServerSettings {
  publicUrl: string | null;
  secretKey: string | null;
  egressAllow: string;
  telegramApiUrl: string | undefined;
  whatsappApiUrl: string | undefined;
  twilioApiUrl: string | undefined;
  groqApiUrl: string | undefined;
  anthropicApiUrl: string | undefined;
  temporalApiKey: string | undefined;
  temporalTls: boolean;
  ownerEmail: string | undefined;
  ownerPassword: string | undefined;
  logLevel: string;
  /** `HOLDFAST_LANES=temporal`: no run begins in the express lane. */
  forcedLane: ForcedLane;
}

/** Throws a sentence on a value that can't be meant. */
export function readServerSettings(environment: NodeJS.ProcessEnv): ServerSettings {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  return {
    publicUrl: readUrl(read('HOLDFAST_PUBLIC_URL'), 'HOLDFAST_PUBLIC_URL'),
    secretKey: read('HOLDFAST_SECRET_KEY') ?? null,
    egressAllow: read('HOLDFAST_EGRESS_ALLOW') ?? '',
    telegramApiUrl: readUrl(read('HOLDFAST_TELEGRAM_API_URL'), 'HOLDFAST_TELEGRAM_API_URL') ?? undefined,
    whatsappApiUrl: readUrl(read('HOLDFAST_WHATSAPP_API_URL'), 'HOLDFAST_WHATSAPP_API_URL') ?? undefined,
    twilioApiUrl: readUrl(read('HOLDFAST_TWILIO_API_URL'), 'HOLDFAST_TWILIO_API_URL') ?? undefined,
    groqApiUrl: readUrl(read('HOLDFAST_GROQ_API_URL'), 'HOLDFAST_GROQ_API_URL') ?? undefined,
    anthropicApiUrl: readUrl(read('HOLDFAST_ANTHROPIC_API_URL'), 'HOLDFAST_ANTHROPIC_API_URL') ?? undefined,
    temporalApiKey: read('TEMPORAL_API_KEY'),
    temporalTls: read('TEMPORAL_TLS') === 'true' || read('TEMPORAL_TLS') === '1' || read('TEMPORAL_API_KEY') !== undefined,
    ownerEmail: read('HOLDFAST_OWNER_EMAIL'),
    ownerPassword: environment['HOLDFAST_OWNER_PASSWORD'] || undefined,
    logLevel: read('HOLDFAST_LOG_LEVEL') ?? 'info',
    forcedLane: readForcedLane(environment),
  };
}

function readUrl(text: string | undefined, name: string): string | null {
  if (text === undefined) return null;
  const isWeb = URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
  if (!isWeb)
    throw new Error(`${name} is "${text.slice(0, 100)}", which is no web address. Write it with http:// or https://, or leave it away.`);
  return text.replace(/\/+$/, '');
}
