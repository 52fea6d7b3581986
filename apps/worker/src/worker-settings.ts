import { readForcedLane, type ForcedLane } from '@holdfast/runs';

/** What the worker reads from the environment, once at its start. */
export interface WorkerSettings {
  secretKey: string | null;
  egressAllow: string;
  telegramApiUrl: string | undefined;
  whatsappApiUrl: string | undefined;
  twilioApiUrl: string | undefined;
  groqApiUrl: string | undefined;
  anthropicApiUrl: string | undefined;
  temporalApiKey: string | undefined;
  temporalTls: boolean;
  logLevel: string;
  forcedLane: ForcedLane;
}

export function readWorkerSettings(environment: NodeJS.ProcessEnv): WorkerSettings {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  return {
    secretKey: read('HOLDFAST_SECRET_KEY') ?? null,
    egressAllow: read('HOLDFAST_EGRESS_ALLOW') ?? '',
    telegramApiUrl: read('HOLDFAST_TELEGRAM_API_URL'),
    whatsappApiUrl: read('HOLDFAST_WHATSAPP_API_URL'),
    twilioApiUrl: read('HOLDFAST_TWILIO_API_URL'),
    groqApiUrl: read('HOLDFAST_GROQ_API_URL'),
    anthropicApiUrl: read('HOLDFAST_ANTHROPIC_API_URL'),
    temporalApiKey: read('TEMPORAL_API_KEY'),
    temporalTls: read('TEMPORAL_TLS') === 'true' || read('TEMPORAL_TLS') === '1' || read('TEMPORAL_API_KEY') !== undefined,
    logLevel: read('HOLDFAST_LOG_LEVEL') ?? 'info',
    forcedLane: readForcedLane(environment),
  };
}
