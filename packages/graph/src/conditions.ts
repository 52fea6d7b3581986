import type { Scope } from '@holdfast/node-kit';
import { z } from 'zod';
import { compare, operators } from './compare.ts';
import { evaluateCel } from './cel.ts';
import { readPath } from './read-path.ts';

const operator = z.enum(operators);

/** One line of the form: `nodes.lookup.body.status` `is` `shipped`. */
export const comparison = z.strictObject({
  field: z.string().min(1, 'Choose a value to compare').max(500).meta({ title: 'Value', reads: 'path' }),
  operator: operator.default('is').meta({ title: 'Comparison' }),
  value: z
    .union([z.string().max(5_000), z.number(), z.boolean()])
    .default('')
    .meta({ title: 'With', template: true, keepsType: true }),
});
export type Comparison = z.infer<typeof comparison>;

const lines = z.array(comparison).min(1, 'Add at least one comparison').max(50);
const line = z.union([comparison, z.strictObject({ all: lines }), z.strictObject({ any: lines })]);
const group = z.array(line).min(1, 'Add at least one comparison').max(50);

/** Conditions as staff build them, groups nested once; or CEL, the advanced form. */
export const conditionGroup = z.union([
  z.strictObject({ all: group }),
  z.strictObject({ any: group }),
  z.strictObject({ cel: z.string().min(1, 'Write the condition').max(5_000).meta({ title: 'Condition', reads: 'cel' }) }),
]);
export type ConditionGroup = z.infer<typeof conditionGroup>;

/** Throws template.invalid when CEL can't be read or does not say yes or no. */
export function evaluateConditions(conditions: ConditionGroup, scope: Scope): boolean {
  if ('cel' in conditions) return evaluateCel(conditions.cel, scope);
  return 'all' in conditions ? conditions.all.every((each) => holds(each, scope)) : conditions.any.some((each) => holds(each, scope));
}

function holds(each: z.infer<typeof line>, scope: Scope): boolean {
  if ('all' in each) return each.all.every((inner) => holds(inner, scope));
  if ('any' in each) return each.any.some((inner) => holds(inner, scope));
  return compare(readPath(scope, each.field), each.operator, each.value);
}
