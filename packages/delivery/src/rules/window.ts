import { say } from '@holdfast/errors';
import type { SendTarget } from '@holdfast/db';
import type { Rule } from './rule.ts';

/** Kinds that take free text only for a time after the customer wrote. */
const windowed: ReadonlySet<string> = new Set(['whatsapp']);
export const isWindowed = (kind: string): boolean => windowed.has(kind);

export const isOutsideWindow = ({ windowUntil, now }: Pick<SendTarget, 'windowUntil' | 'now'>): boolean =>
  windowUntil === null || windowUntil <= now;

export const window: Rule = ({ target, template }) => {
  if (!isWindowed(target.kind) || template !== null || !isOutsideWindow(target)) return null;
  const since =
    target.windowUntil === null
      ? 'This customer has not written to us here'
      : say`The time for free answers ended at ${target.windowUntil.toISOString()}`;
  return {
    state: 'refused',
    code: 'send.window',
    reason: say`${since}, so WhatsApp takes approved templates only. Choose a template in the step for this case, or draw the exit for refused messages.`,
  };
};
