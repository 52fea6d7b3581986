import {
  duration,
  formatDuration,
  parseDuration,
  type CheckWorld,
  type ConfigFinding,
  type Fallback,
  type Ports,
} from '@holdfast/node-kit';
import { z } from 'zod';
import { triesFields } from '../fields/tries.ts';
import { credentialGone } from './credential-gone.ts';
import { fallbackFields } from './fallback-fields.ts';
import { keepFields, keptPort, neverKept } from './keep-fields.ts';
import { pageFields } from './page-fields.ts';

/** How a call is made and what comes of it: what all steps that call a web service share. `method` is the setting that says how it is called, dotted. */
export const callFields = (method: string) => ({
  ...pageFields(method),
  answerAs: z
    .enum(['data', 'file'])
    .default('data')
    .meta({ title: 'The answer is', options: { data: 'Data: JSON or text', file: 'A file, which is kept' }, advanced: true }),
  fileName: z
    .string()
    .max(300)
    .default('')
    .meta({
      title: 'Name of the file',
      description: 'Left empty: the name that the service gives it.',
      placeholder: 'invoice-{{ trigger.body.number }}.pdf',
      template: true,
      showWhen: { field: 'answerAs', is: ['file'] },
      advanced: true,
    }),
  timeout: duration.default('20s').meta({ title: 'Waits for an answer', widget: 'duration', advanced: true }),
  ...triesFields,
  idempotencyHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{0,64}$/, 'A header\'s name holds letters, digits and "-" only')
    .default('')
    .meta({
      title: 'Idempotency header',
      description:
        'POST and PATCH are repeated only when the service recognises a repeated call by this header, for example Idempotency-Key.',
      placeholder: 'Idempotency-Key',
      showWhen: { field: method, is: ['POST', 'PATCH'] },
      advanced: true,
    }),
  ...fallbackFields(method),
  ...keepFields(method),
});

const shape = z.object(callFields('method'));
/** The settings above of a config that was parsed, with its method. */
export type CallSettings = z.infer<typeof shape> & { method: string; credential?: string | undefined };

export const callOutput = {
  status: z.number(),
  body: z.json(),
  headers: z.record(z.string(), z.string()),
  /** Present when the service itself did not answer. */
  fallback: z.enum(['second', 'stale', 'default', 'keep']).optional(),
  /** Of a list that was read page by page, with how many pages that were, and whether there are more. */
  items: z.array(z.json()).optional(),
  pages: z.number().optional(),
  hasMore: z.boolean().optional(),
  /** Of an answer that was kept as a file. */
  file: z.object({ id: z.string(), name: z.string(), mimeType: z.string(), sizeBytes: z.number() }).optional(),
};

export const callPorts = ({ keepCall }: Pick<CallSettings, 'keepCall'>): Ports => ({
  ok: { label: 'Answered', mandatory: true },
  refused: { label: 'Refused (4xx)', unhappy: true },
  ...keptPort(keepCall),
  failed: { label: 'Gave up', unhappy: true },
});

/** Its answer is not needed: where everything else fails, it is delivered later. */
export const keepsCall = ({ keepCall, method }: CallSettings): boolean => keepCall && method !== 'GET';

const isKept = ({ method, pages, answerAs }: CallSettings): boolean =>
  (method === 'GET' || method === 'POST') && answerAs === 'data' && !(method === 'GET' && pages !== 'none');

export const fallbacksOf = (settings: CallSettings): Fallback[] => [
  ...(settings.secondUrl.trim() === '' ? [] : [{ kind: 'second' as const }]),
  ...(settings.staleFor === undefined || !isKept(settings) ? [] : [{ kind: 'stale' as const, for: settings.staleFor }]),
  ...(settings.standIn.trim() === '' ? [] : [{ kind: 'default' as const }]),
  ...(settings.standIn.trim() === '' && keepsCall(settings) ? [{ kind: 'keep' as const }] : []),
];

/** Twice has the effect of once: by its method, because the service recognises it, or because it changes nothing. */
export const isRepeatable = ({ method, idempotencyHeader, onlyReads }: CallSettings): boolean =>
  !(method === 'POST' || method === 'PATCH') || idempotencyHeader !== '' || (method === 'POST' && onlyReads);

/** How an answer is kept for the same call, and for a bad day. Lists in pages and files are asked for anew. */
export function cacheOf(settings: CallSettings): { forMs: number; staleForMs?: number; key?: string } | null {
  const { keepFor, staleFor, keptUnder } = settings;
  if ((keepFor === undefined && staleFor === undefined) || !isKept(settings)) return null;
  return {
    forMs: keepFor === undefined ? 0 : parseDuration(keepFor),
    ...(staleFor === undefined ? {} : { staleForMs: parseDuration(staleFor) }),
    ...(keptUnder.trim() === '' ? {} : { key: keptUnder.trim() }),
  };
}

export const hasPages = ({ method, pages }: CallSettings): boolean => method === 'GET' && pages !== 'none';

/** Of one attempt: as long again for each further page, five minutes at most, and for the second address. */
export function timeoutOf(settings: CallSettings): string {
  const oneMs = parseDuration(settings.timeout);
  const pagesMs = hasPages(settings) ? Math.max(oneMs, Math.min(300_000, oneMs * settings.mostPages)) : oneMs;
  const allMs = settings.secondUrl.trim() === '' ? pagesMs : pagesMs * 2;
  return allMs === oneMs ? settings.timeout : formatDuration(allMs);
}

/** What is wrong with these settings, as far as the schema can't say it. */
export function checkCall(settings: CallSettings, world: CheckWorld): ConfigFinding[] {
  const mayChange =
    settings.method === 'POST' && !settings.onlyReads && (settings.keepFor !== undefined || settings.staleFor !== undefined);
  return [
    ...credentialGone(settings.credential, world),
    ...(mayChange
      ? [
          {
            field: settings.keepFor === undefined ? 'staleFor' : 'keepFor',
            severity: 'warning' as const,
            reason: 'Answers are kept only of calls that change nothing, and this one may.',
            fix: 'If it only reads, say so above; else leave this empty.',
          },
        ]
      : []),
    ...(hasPages(settings) ? checkPages(settings) : []),
    ...(keepsCall(settings) && settings.standIn.trim() !== '' ? [neverKept] : []),
  ];
}

function checkPages({ pages, nextAt, pageParameter, answerAs }: CallSettings): ConfigFinding[] {
  const needs = (field: string, isMissing: boolean) =>
    isMissing
      ? [
          {
            field,
            severity: 'error' as const,
            reason: 'Without this the next page can’t be asked for.',
            fix: 'Look it up in the description of the service.',
          },
        ]
      : [];
  return [
    ...needs('nextAt', (pages === 'next' || pages === 'cursor') && nextAt.trim() === ''),
    ...needs('pageParameter', (pages === 'cursor' || pages === 'page' || pages === 'offset') && pageParameter.trim() === ''),
    ...(answerAs === 'file'
      ? [
          {
            field: 'answerAs',
            severity: 'error' as const,
            reason: 'A list in pages is data, and can’t be kept as one file.',
            fix: 'Choose data, or read only one answer.',
          },
        ]
      : []),
  ];
}
