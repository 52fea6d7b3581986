import { defineEffect, describedCall, operationValues, type ConfigFinding, type JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import {
  callFields,
  callOutput,
  callPorts,
  checkCall,
  fallbacksOf,
  isRepeatable,
  timeoutOf,
  type CallSettings,
} from '../calls/call-settings.ts';
import { missingValues } from '../calls/missing-values.ts';
import { retryPolicyOf } from '../fields/tries.ts';
import { samples } from './samples.ts';

const config = z.strictObject({
  service: z.string().max(80).default('').meta({ title: 'Service', widget: 'hidden' }),
  operation: describedCall.meta({ title: 'Operation', widget: 'operation' }),
  server: z.string().max(2_000).default('').meta({
    title: 'Server',
    description: 'Left empty: the address of the connection.',
    placeholder: 'https://api.example.com/v1',
    template: true,
    insertsAs: 'address',
    advanced: true,
  }),
  credential: z
    .string()
    .optional()
    .meta({ title: 'Connection', description: 'Sent only to the hosts that it belongs to.', widget: 'credential' }),
  values: operationValues.default({}).meta({ title: 'Values', widget: 'operation-values' }),
  ...callFields('operation.method'),
});
export type ApiOperationConfig = z.infer<typeof config>;

/** What all steps that call a web service share, of this one. */
export const settingsOf = (given: ApiOperationConfig): CallSettings => ({ ...given, method: given.operation.method });

/** Values that were written for an earlier description of the operation. */
function outdated({ operation, values }: ApiOperationConfig): ConfigFinding[] {
  const isGone = Object.keys(values).some((name) => !operation.fields.some((field) => field.name === name));
  return isGone
    ? [
        {
          field: 'values',
          severity: 'warning',
          reason: 'A value of this step belongs to no field of the operation any more, so it is not sent.',
          fix: 'Take it away below the fields.',
        },
      ]
    : [];
}

/** What a good answer's body looks like is in the operation. */
function outputSchema(given: JsonObject): JsonObject | null {
  const operation = describedCall.safeParse(given['operation']);
  if (!operation.success || operation.data.response === undefined) return null;
  const body = operation.data.response;
  const isPaged = typeof given['pages'] === 'string' && given['pages'] !== 'none';
  const shown = isPaged ? { items: body['type'] === 'array' ? body : { type: 'array', items: {} } } : { body };
  return { type: 'object', properties: { status: { type: 'integer' }, ...shown, headers: { type: 'object' } } };
}

export const apiOperation = defineEffect({
  type: 'api-operation',
  typeVersion: 1,
  title: 'Call a service',
  summary: 'Calls an operation of a service that you imported.',
  icon: 'api',
  category: 'systems',
  keywords: ['openapi', 'swagger', 'rest', 'http', 'api'],
  comesFrom: 'service',
  config,
  ports: callPorts,
  retry: retryPolicyOf,
  timeout: (given) => timeoutOf(settingsOf(given)),
  fallbacks: (given) => fallbacksOf(settingsOf(given)),
  isRepeatable: (given) => isRepeatable(settingsOf(given)),
  output: z.object(callOutput),
  outputSchema,
  describe: ({ operation }) => `${operation.method} ${operation.path}`,
  check: (given, world) => [
    ...checkCall(settingsOf(given), world),
    ...missingValues(given),
    ...outdated(given),
    ...(given.server.trim() === '' && !given.credential
      ? [
          {
            field: 'server',
            severity: 'error' as const,
            reason: 'It is not known where this service is.',
            fix: 'Write its address, or choose a connection that has one.',
          },
        ]
      : []),
  ],
  samples,
});
