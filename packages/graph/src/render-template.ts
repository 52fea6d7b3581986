import { HoldfastError, say } from '@holdfast/errors';
import type { JsonValue, Scope } from '@holdfast/node-kit';
import { Context, Drop, Output, toValueSync, type Liquid, type Template } from 'liquidjs';
import { liquid } from './liquid.ts';

/** No channel takes a text this long, and no journal should keep one. */
const maxLength = 1_000_000;

/** A value on its way into a template, or what a filter wrote of it: inserting-template.ts. */
export interface Insert {
  value: JsonValue;
  isWritten: boolean;
}

export interface Rendered<T> {
  value: T;
  /** Names that the text uses and the data does not have; rendered as nothing. `default` and `if` may ask for such. */
  missing: string[];
}

/** Throws template.invalid for a text that is no template, or that takes too much to render. */
export function renderTemplate(text: string, scope: Scope): Rendered<string> {
  if (!hasTemplate(text)) return { value: text, missing: [] };
  const template = parseTemplate(text);
  const { value, missing } = excusing(text, scope, (context) => String(liquid.renderSync(template, context)));
  if (value.length > maxLength) throw invalid(text, `It came out longer than ${maxLength} characters.`);
  return { value, missing };
}

/** Like `renderTemplate`, but a text that is one expression and nothing else gives that value itself: a number stays a number. */
export function evaluateTemplate(text: string, scope: Scope): Rendered<JsonValue> {
  if (!hasTemplate(text)) return { value: text, missing: [] };
  const [only, ...others] = parseTemplate(text.trim());
  if (!(only instanceof Output) || others.length > 0) return renderTemplate(text, scope);
  return excusing(text, scope, (context) => asJson(toValueSync(only.value.value(context, false))));
}

export const hasTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%');

/** Texts of published versions come again and again; a thousand of them are kept parsed. */
const parsed = new Map<string, Template[]>();

export function parseTemplate(text: string): Template[] {
  const known = parsed.get(text);
  if (known) return known;
  const template = parse(text);
  if (parsed.size >= 1_000) parsed.clear();
  parsed.set(text, template);
  return template;
}

function parse(text: string): Template[] {
  try {
    return liquid.parse(text);
  } catch (error) {
    throw invalid(text, error);
  }
}

/**
 * liquidjs limits a rendering by the clock on the wall, and a busy machine may stand still for longer than any text takes. Who is late once or
 * twice was interrupted; what is late every time takes too much.
 */
const latestTry = 3;
const isLate = (error: unknown): boolean => error instanceof Error && error.message.includes('template render limit exceeded');

/** Renders again and again, each time excusing one more missing name; a text without any is rendered once. */
export function excusing<T>(text: string, scope: Scope, render: (context: ExcusingContext) => T, engine: Liquid = liquid): Rendered<T> {
  const missing = new Set<string>();
  for (let late = 0; ;) {
    const context = new ExcusingContext(scope, missing, engine);
    try {
      return { value: render(context), missing: [...missing] };
    } catch (error) {
      if (isLate(error) && ++late < latestTry) continue;
      if (context.stumbledOver === undefined || missing.size >= 100) throw invalid(text, error);
      missing.add(context.stumbledOver);
    }
  }
}

/** Stops at the first missing name that is not excused yet, and remembers it. */
export class ExcusingContext extends Context {
  stumbledOver: string | undefined;
  readonly inserted: Insert[] = [];
  readonly #excused: ReadonlySet<string>;

  constructor(scope: Scope, excused: ReadonlySet<string>, engine: Liquid) {
    super(Object.assign(Object.create(null), scope), engine.options, { sync: true }, { liquid: engine });
    this.#excused = excused;
  }

  override *_getFromScope(scope: unknown, paths: (string | number)[] | string): IterableIterator<unknown> {
    const found: unknown = yield super._getFromScope(scope, paths, false);
    if (found !== undefined) return found;
    const name = typeof paths === 'string' ? paths : paths.join('.');
    if (this.#excused.has(name)) return undefined;
    this.stumbledOver = name;
    return yield super._getFromScope(scope, paths, true); // throws what liquidjs expects
  }
}

/** What a filter or `empty` can leave behind, as data. */
export function asJson(value: unknown): JsonValue {
  if (value === undefined || value === null || value instanceof Drop) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object') return null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)]));
}

export function invalid(text: string, cause: unknown): HoldfastError {
  const reason = cause instanceof Error ? cause.message.replace(/, file:.*$/s, '').replace(/, line:.*$/s, '') : String(cause);
  return new HoldfastError('template.invalid', {
    detail: say`The text “${text.length > 80 ? `${text.slice(0, 79)}…` : text}” can’t be filled in: ${reason}`,
    hint: 'Open the step and choose the values again from the data picker.',
    cause,
  });
}
