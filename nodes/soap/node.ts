import {
  defineEffect,
  duration,
  formatDuration,
  operationValues,
  parseDuration,
  soapCall,
  type Fallback,
  type JsonObject,
} from '@holdfast/node-kit';
import { z } from 'zod';
import { credentialGone } from '../calls/credential-gone.ts';
import { fallbackFields } from '../calls/fallback-fields.ts';
import { elseKeepCall, keepFieldsWhen, keepingOf, keptPort, neverKept } from '../calls/keep-fields.ts';
import { missingValues } from '../calls/missing-values.ts';
import { retryPolicyOf, triesFields } from '../fields/tries.ts';
import { samples } from './samples.ts';

const { secondUrl, standIn } = fallbackFields('effect');
const reads = { field: 'effect', is: ['reads'] } as const;

const config = z.strictObject({
  service: z.string().max(80).default('').meta({ title: 'Service', widget: 'hidden' }),
  operation: soapCall.meta({ title: 'Operation', widget: 'operation' }),
  server: z.string().max(2_000).default('').meta({
    title: 'Address',
    description: 'Left empty: the one that the service names for itself.',
    placeholder: 'https://erp.example.com/soap/orders',
    template: true,
    insertsAs: 'address',
    advanced: true,
  }),
  credential: z.string().optional().meta({
    title: 'Connection',
    description: 'For WS-Security, choose one of the kind “SOAP user name”. Sent only to the hosts that it belongs to.',
    widget: 'credential',
  }),
  values: operationValues.default({}).meta({ title: 'Values', widget: 'operation-values' }),
  effect: z
    .enum(['once', 'twice', 'reads'])
    .default('once')
    .meta({
      title: 'What the call does',
      description: 'When nobody knows whether it arrived: a call that must not happen twice waits for a person, others are made again.',
      options: {
        once: 'Changes something, and must not happen twice',
        twice: 'May happen twice: it comes to the same',
        reads: 'Only reads',
      },
    }),
  refusals: z.string().max(2_000).default('').meta({
    title: 'Also a refusal',
    description:
      'Words in a fault’s code or text, separated by commas. Some services blame themselves for what was asked wrongly; with these words it leaves by “Refused” and is not tried again.',
    placeholder: 'unknown customer, NoCredit',
    advanced: true,
  }),
  version: z
    .enum(['described', '1.1', '1.2'])
    .default('described')
    .meta({ title: 'SOAP version', options: { described: 'As the service describes it', '1.1': '1.1', '1.2': '1.2' }, advanced: true }),
  messageId: z.boolean().default(false).meta({
    title: 'Send a message id',
    description: 'In headers of WS-Addressing, the same for every attempt: services that know it can tell a repeated call.',
    advanced: true,
  }),
  timeout: duration.default('30s').meta({ title: 'Waits for an answer', widget: 'duration', advanced: true }),
  ...triesFields,
  keepFor: duration.optional().meta({
    title: 'Keep answers for',
    description: 'So long the same call is answered by what is kept, without asking the service.',
    placeholder: 'Never',
    widget: 'duration',
    showWhen: reads,
    advanced: true,
  }),
  secondUrl,
  staleFor: duration.optional().meta({
    title: 'Else: the last answer, if it is no older than',
    description: 'The run view shows how old it was.',
    placeholder: 'Never',
    widget: 'duration',
    showWhen: reads,
    advanced: true,
  }),
  standIn,
  ...keepFieldsWhen({ field: 'effect', is: ['once', 'twice'] }, elseKeepCall),
});
export type SoapConfig = z.infer<typeof config>;

/** How an answer is kept; only of calls that read. */
export function cacheOf({ effect, keepFor, staleFor }: SoapConfig): { forMs: number; staleForMs?: number } | null {
  if (effect !== 'reads' || (keepFor === undefined && staleFor === undefined)) return null;
  return {
    forMs: keepFor === undefined ? 0 : parseDuration(keepFor),
    ...(staleFor === undefined ? {} : { staleForMs: parseDuration(staleFor) }),
  };
}

export const fallbacksOf = (given: SoapConfig): Fallback[] => [
  ...(given.secondUrl.trim() === '' ? [] : [{ kind: 'second' as const }]),
  ...(given.staleFor === undefined || given.effect !== 'reads' ? [] : [{ kind: 'stale' as const, for: given.staleFor }]),
  ...(given.standIn.trim() === '' ? [] : [{ kind: 'default' as const }]),
];

/** The last attempt may need as long again for the second address. */
const timeoutOf = ({ timeout, secondUrl: second }: SoapConfig): string =>
  second.trim() === '' ? timeout : formatDuration(parseDuration(timeout) * 2);

/** What the answer looks like is in the operation. */
function outputSchema(given: JsonObject): JsonObject | null {
  const operation = soapCall.safeParse(given['operation']);
  if (!operation.success || operation.data.response === undefined) return null;
  return { type: 'object', properties: { result: operation.data.response, fault: z.toJSONSchema(fault) as JsonObject } }; // a JSON schema is JSON
}

const fault = z.object({
  /** As the service writes it, without prefix: `Client`, `Sender`, or one of its own. */
  code: z.string(),
  subcode: z.string(),
  reason: z.string(),
  detail: z.json(),
});

export const soap = defineEffect({
  type: 'soap',
  typeVersion: 1,
  title: 'Call a SOAP service',
  summary: 'Calls an operation of a service that you imported from a WSDL.',
  icon: 'file-type-xml',
  category: 'systems',
  keywords: ['soap', 'wsdl', 'xml', 'erp', 'sap', 'navision', 'dynamics', 'legacy', 'web service', 'servicio web'],
  comesFrom: 'service',
  config,
  ports: ({ effect, keepCall }) => ({
    ok: { label: 'Answered', mandatory: true },
    refused: { label: 'Refused', unhappy: true },
    ...keptPort(keepCall && effect !== 'reads'),
    failed: { label: 'Gave up', unhappy: true },
  }),
  retry: retryPolicyOf,
  timeout: timeoutOf,
  fallbacks: fallbacksOf,
  keeps: (given) =>
    keepingOf(given, {
      // The answer that staff wrote always comes about.
      writes: given.effect !== 'reads' && given.standIn.trim() === '',
      credential: given.credential,
      url: given.server.trim() || given.operation.address,
    }),
  isRepeatable: ({ effect }) => effect !== 'once',
  output: z.object({
    result: z.json(),
    fault: fault.nullable(),
    /** Present when the service itself did not answer. */
    fallback: z.enum(['second', 'stale', 'default']).optional(),
  }),
  outputSchema,
  describe: ({ operation }) => operation.title,
  check: (given, world) => {
    const { credential, server, operation, effect, keepFor, keepCall, standIn: written } = given;
    return [
      ...credentialGone(credential, world),
      ...missingValues(given),
      ...(server.trim() === '' && operation.address === '' && !credential
        ? [
            {
              field: 'server',
              severity: 'error' as const,
              reason: 'It is not known where this service is.',
              fix: 'Write its address, or choose a connection that has one.',
            },
          ]
        : []),
      ...(effect !== 'reads' && keepFor !== undefined
        ? [
            {
              field: 'keepFor',
              severity: 'warning' as const,
              reason: 'Answers are kept only of calls that change nothing, and this one may.',
              fix: 'If it only reads, say so above; else leave this empty.',
            },
          ]
        : []),
      ...(keepCall && effect !== 'reads' && written.trim() !== '' ? [neverKept] : []),
    ];
  },
  samples,
});
