import { implement, parseDuration, type EffectContext, type EgressRequest, type EgressResponse, type Outcome } from '@holdfast/node-kit';
import { securityMark, writeEnvelope } from '@holdfast/soap';
import { jsonOf } from '../calls/json-of.ts';
import { orStandIn, type Instead, type StandIn } from '../calls/or-stand-in.ts';
import { bodyOf } from './body-of.ts';
import { messageIdOf } from './message-id.ts';
import { cacheOf, fallbacksOf, soap, type SoapConfig } from './node.ts';
import { outcomeOf } from './outcome-of.ts';

export const runSoap = implement(soap, async ({ config, context }) => {
  const request = requestOf(config, context.idempotencyKey);
  const ask = async (asked: EgressRequest, instead: Instead | null): Promise<Outcome> => {
    const response = await context.egress.request(asked);
    noteOf(context, response, instead);
    return standing(outcomeOf(config, asked, response), instead);
  };
  return orStandIn(context, () => ask(request, null), standInsOf(config, request, ask));
});

function requestOf(config: SoapConfig, idempotencyKey: string): EgressRequest {
  const { operation, credential } = config;
  const url = config.server.trim() || operation.address;
  const version = config.version === 'described' ? operation.version : config.version;
  const messageId = config.messageId ? messageIdOf(idempotencyKey) : undefined;
  const { headers, body } = writeEnvelope(operation, bodyOf(operation, config.values), { version, messageId, to: url });
  const cache = cacheOf(config);
  return {
    method: 'POST',
    url,
    headers: { accept: 'text/xml, application/soap+xml', ...headers },
    body,
    soap: { securityMark },
    ...(credential ? { credential } : {}),
    isIdempotent: config.effect !== 'once',
    timeoutMs: parseDuration(config.timeout),
    ...(cache ? { cache } : {}),
    hasFallback: fallbacksOf(config).length > 0,
  };
}

function standInsOf(
  config: SoapConfig,
  request: EgressRequest,
  ask: (asked: EgressRequest, instead: Instead) => Promise<Outcome>,
): StandIn[] {
  const { cache, ...plain } = request;
  const second = config.secondUrl.trim();
  return [
    ...(second === '' ? [] : [{ instead: 'second' as const, ask: () => ask({ ...plain, url: second, part: 'second' }, 'second') }]),
    ...(cache?.staleForMs === undefined
      ? []
      : [{ instead: 'stale' as const, ask: () => ask({ ...request, cache: { ...cache, use: 'stale' } }, 'stale') }]),
    ...(config.standIn.trim() === ''
      ? []
      : [
          {
            instead: 'default' as const,
            ask: async () => standing({ port: 'ok', output: { result: jsonOf(config.standIn, 'standIn'), fault: null } }, 'default'),
          },
        ]),
  ];
}

const standing = ({ port, output }: Outcome, instead: Instead | null): Outcome =>
  instead === null || typeof output !== 'object' || output === null || Array.isArray(output)
    ? { port, output }
    : { port, output: { ...output, fallback: instead } };

function noteOf(context: EffectContext, { status, durationMs, cached }: EgressResponse, instead: Instead | null): void {
  context.note({ status, durationMs, ...(cached ? { cached: { ...cached } } : {}), ...(instead ? { fallback: instead } : {}) });
}
