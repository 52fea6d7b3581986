import type { ConfigFinding, Keeping, Ports } from '@holdfast/node-kit';
import { z } from 'zod';

/** What is said of keeping, for steps that have no other way out before it. */
const keepTitle = 'If it gives up: keep it, and do it when the service is back';
const description = 'For what the flow does not wait for. The run goes on at once, by “Kept for later”.';

interface KeepWords {
  title?: string;
  description?: string;
}

/** For steps whose answer the flow does not need. `shown`: of which setting's values, dotted. */
export const keepFieldsWhen = (shown: { field: string; is: readonly string[] }, words: KeepWords = {}) => ({
  keepCall: z
    .boolean()
    .default(false)
    .meta({ title: keepTitle, description, ...words, showWhen: { field: shown.field, is: [...shown.is] }, advanced: true }),
  orderKey: z
    .string()
    .max(500)
    .default('')
    .meta({
      title: 'Never passes kept calls with the same',
      description: 'Where the order matters, for example of one customer. Left empty: one that a person must look at holds up no other.',
      placeholder: '{{ contact.id }}',
      template: true,
      showWhen: { field: 'keepCall', is: [true] },
      advanced: true,
    }),
});

/** The words of steps that make one call, after the other things that may stand in. */
export const elseKeepCall = {
  title: 'Else: keep the call, and deliver it when the service is back',
  description: 'For calls whose answer the flow does not need. The run goes on at once, by “Kept for later”.',
};

/** `method` is the setting that says how the step calls, dotted. */
export const keepFields = (method: string) => keepFieldsWhen({ field: method, is: ['POST', 'PUT', 'PATCH', 'DELETE'] }, elseKeepCall);

interface KeepSettings {
  keepCall: boolean;
  orderKey: string;
}

/** Where an answer is written that always stands in first. */
export const neverKept: ConfigFinding = {
  field: 'keepCall',
  severity: 'warning',
  reason: 'The written answer always stands in first, so no call is ever kept.',
  fix: 'Empty that answer, or keep no calls.',
};

export const keptPort = (isKept: boolean): Ports => (isKept ? { kept: { label: 'Kept for later' } } : {});

/** A step is kept where staff said so and it writes something. Asked of drafts, too. */
export const keepingOf = (
  { keepCall, orderKey }: KeepSettings,
  { writes, credential, url = '' }: { writes: boolean; credential?: string | undefined; url?: string },
): Keeping | null => (keepCall && writes ? { orderKey: orderKey.trim(), to: { url, ...(credential ? { credential } : {}) } } : null);
