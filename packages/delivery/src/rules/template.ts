import { say, type Words } from '@holdfast/errors';
import { templateFields } from '@holdfast/node-kit';
import type { Rule } from './rule.ts';

const unfit: Readonly<Record<string, string>> = {
  pending: 'is not approved yet',
  rejected: 'was rejected',
  paused: 'is paused because of its quality',
  disabled: 'was disabled because of its quality',
  deleted: 'is not there any more',
};

/** A template goes out only when the provider has approved it, and with a value for each of its places. */
export const template: Rule = ({ target: { template: facts, name: channel }, template: wanted }) => {
  if (wanted === null) return null;
  const refused = (reason: Words) => ({ state: 'refused', code: 'send.template', reason }) as const;
  const title = `The template "${wanted.name}" (${wanted.language})`;
  if (facts === null)
    return refused(say`${title} is not known on "${channel}". Refresh the templates under Channels, or choose another one.`);
  if (facts.status !== 'approved')
    return refused(say`${title} ${unfit[facts.status] ?? `is "${facts.status}"`}, so it can’t be sent. Choose another one in the step.`);
  // What comes back with a tap may stay empty.
  const fields = templateFields(facts).filter(({ kind }) => kind !== 'payload');
  const missing = fields.filter(({ key }) => (wanted.parameters[key] ?? '').trim() === '');
  if (missing.length > 0)
    return refused(
      say`${title} has no value for ${missing.map(({ key }) => `{{${key}}}`).join(', ')}. Fill it in in the step; an empty value counts as none.`,
    );
  return null;
};
