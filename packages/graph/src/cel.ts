import { Environment, EvaluationError, type ASTNode } from '@marcbachmann/cel-js';
import { HoldfastError, say } from '@holdfast/errors';
import type { Scope } from '@holdfast/node-kit';

export const scopeNames = ['trigger', 'nodes', 'contact', 'conversation', 'variables', 'run'] as const;

const limits = { maxAstNodes: 1_000, maxDepth: 50, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 20 };
const environment = scopeNames.reduce((known, name) => known.registerVariable(name, 'dyn'), new Environment({ limits }));

// CEL keeps whole numbers and others apart, JSON does not: `trigger.total + 1` is meant to work.
const arithmetic = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
};
for (const [sign, compute] of Object.entries(arithmetic)) {
  environment.registerOperator(`double ${sign} int: double`, (a: number, b: bigint) => compute(a, Number(b)));
  environment.registerOperator(`int ${sign} double: double`, (a: bigint, b: number) => compute(Number(a), b));
}

/** A condition in CEL. Something that isn't there makes it false. Throws template.invalid for all else that goes wrong. */
export function evaluateCel(text: string, scope: Scope): boolean {
  const result = run(text, { ...scope });
  if (typeof result !== 'boolean') throw invalid(text, 'It does not come out as true or false.');
  return result;
}

/** Why a text is no CEL, or null. */
export function celProblem(text: string): string | null {
  const { valid, error } = environment.check(text);
  return valid ? null : (error?.message.split('\n')[0] ?? 'It can’t be read.');
}

function run(text: string, scope: Record<string, unknown>): unknown {
  try {
    return environment.parse(text)(scope);
  } catch (error) {
    if (error instanceof EvaluationError && /No such key|Unknown variable/i.test(error.message)) return false;
    // The library takes an object's own "constructor" for its type, and a webhook may well send such a key.
    if (error instanceof EvaluationError && error.code === 'unsupported_type' && hasConstructorKey(scope))
      return run(text, withoutConstructorKeys(scope));
    throw invalid(text, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), error);
  }
}

const hasConstructorKey = (scope: Record<string, unknown>): boolean => JSON.stringify(scope).includes('"constructor":');
const withoutConstructorKeys = (scope: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(scope), (key, value: unknown) => (key === 'constructor' ? undefined : value));

const invalid = (text: string, reason: string, cause?: unknown): HoldfastError =>
  new HoldfastError('template.invalid', {
    detail: say`The condition “${text.slice(0, 200)}” can’t be decided: ${reason}`,
    hint: 'Open the step and correct the condition.',
    cause,
  });

/** The values that a condition reads, as far as they are written out. */
export function celReferences(text: string): string[][] {
  const found: string[][] = [];
  visit(environment.parse(text).ast, found);
  return found;
}

function visit(node: unknown, found: string[][]): void {
  if (Array.isArray(node)) return node.forEach((item) => visit(item, found));
  if (!isNode(node)) return;
  const path = pathOf(node);
  if (path) found.push(path);
  else visit(node.args, found);
}

function pathOf(node: Pick<ASTNode, 'op' | 'args'>): string[] | null {
  if (node.op === 'id' && typeof node.args === 'string') return scopeNames.some((name) => name === node.args) ? [node.args] : null;
  if ((node.op !== '.' && node.op !== '.?') || !Array.isArray(node.args)) return null;
  const [inner, key]: unknown[] = node.args;
  const path = isNode(inner) ? pathOf(inner) : null;
  return path && typeof key === 'string' ? [...path, key] : null;
}

const isNode = (value: unknown): value is Pick<ASTNode, 'op' | 'args'> =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
