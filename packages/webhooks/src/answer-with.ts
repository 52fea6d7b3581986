import { renderJsonTemplate, renderMarkupTemplate, renderTemplate, type Rendered } from '@holdfast/graph';
import type { JsonObject, Scope } from '@holdfast/node-kit';
import { z } from 'zod';
import { onceEach } from './once-each.ts';

const answering = z.object({
  respond: z.enum(['now', 'result', 'template']),
  timeout: z.string(),
  status: z.number().int(),
  statusFrom: z.string().optional(),
  answerType: z.enum(['json', 'text', 'html', 'xml']),
  answer: z.string().optional(),
  answerHeaders: z.record(z.string(), z.string()),
});

/** How a caller is answered; a part of what nodes/webhook-trigger asks for. */
export type Answering = z.infer<typeof answering>;

/** Of a trigger's checked config. */
export const readAnswering: (config: JsonObject) => Answering = onceEach((config) => answering.parse(config));

export interface Reply {
  status: number;
  type: string;
  headers: Record<string, string>;
  body: string;
}

const types = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
} as const;

const renderers: Record<Answering['answerType'], (text: string, scope: Scope) => Rendered<string>> = {
  json: renderJsonTemplate,
  text: renderTemplate,
  html: renderMarkupTemplate,
  xml: renderMarkupTemplate,
};

/** The flow's own answer with its values filled in: each as the kind of answer needs it. Throws template.invalid. */
export function answerWith(settings: Answering, scope: Scope): Reply {
  const { answerType, answer = '', answerHeaders } = settings;
  return {
    status: statusOf(settings, scope),
    type: types[answerType],
    headers: Object.fromEntries(
      Object.entries(answerHeaders).map(([name, value]) => [name.toLowerCase(), headerValue(renderTemplate(value, scope).value)]),
    ),
    body: renderers[answerType](answer, scope).value,
  };
}

function statusOf({ status, statusFrom = '', respond }: Answering, scope: Scope): number {
  if (respond !== 'template' || statusFrom.trim() === '') return status;
  const found = Number(renderTemplate(statusFrom, scope).value.trim());
  return Number.isInteger(found) && found >= 200 && found <= 599 ? found : status;
}

/** A header is one line of visible characters: what a customer wrote must not begin another one. */
const headerValue = (text: string): string =>
  text
    .replaceAll(/[^\t\x20-\x7e\xa0-\xff]+/g, ' ')
    .trim()
    .slice(0, 4_000);
