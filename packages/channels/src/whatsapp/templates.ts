import type { NewMessageTemplate } from '@holdfast/db';
import { jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import type { GraphClient } from './graph-client.ts';

const template = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  name: z.string(),
  language: z.string(),
  category: z.string().default('UTILITY'),
  status: z.string().default('PENDING'),
  parameter_format: z.string().optional(),
  components: z.array(jsonValue).default([]),
  quality_score: z.object({ score: z.string().optional() }).optional().catch(undefined),
  rejected_reason: z.string().optional(),
});
const page = z.object({
  data: z.array(z.unknown()).default([]),
  paging: z.object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() }).optional(),
});

const fields = 'id,name,language,category,status,parameter_format,components,quality_score,rejected_reason';
/** Meta allows 6,000 templates for an account; 200 fit on a page. */
const maxPages = 40;

/** All templates of a business account. Throws GraphRefusal. */
export async function fetchTemplates(client: GraphClient, wabaId: string): Promise<NewMessageTemplate[]> {
  const found: NewMessageTemplate[] = [];
  let after: string | undefined;
  for (let read = 0; read < maxPages; read += 1) {
    const query = { fields, limit: '200', ...(after === undefined ? {} : { after }) };
    const { data, paging } = page.parse(await client.call('GET', `${wabaId}/message_templates`, { query, timeoutMs: 30_000 }));
    found.push(...data.flatMap((one) => template.safeParse(one).data ?? []).map(toTemplate));
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined) break;
  }
  return found;
}

function toTemplate(given: z.infer<typeof template>): NewMessageTemplate {
  return {
    providerId: given.id,
    name: given.name,
    language: given.language,
    category: given.category.toLowerCase(),
    status: given.status.toLowerCase(),
    quality: qualityOf(given.quality_score?.score),
    reason: reasonOf(given.rejected_reason),
    isNamed: given.parameter_format?.toUpperCase() === 'NAMED',
    components: given.components, // jsonValue is JSON
  };
}

/** Meta's colours, or null where it has not made up its mind. */
export function qualityOf(score: string | undefined): 'green' | 'yellow' | 'red' | null {
  const small = score?.toLowerCase();
  return small === 'green' || small === 'yellow' || small === 'red' ? small : null;
}

/** "NONE" is Meta's word for no reason. */
export const reasonOf = (reason: string | null | undefined): string | null =>
  reason === null || reason === undefined || reason === '' || reason.toUpperCase() === 'NONE' ? null : reason;
