import type { Scope } from '@holdfast/node-kit';
import type { Template } from 'liquidjs';
import { createLiquid } from './liquid.ts';
import { asJson, excusing, ExcusingContext, hasTemplate, invalid, type Insert, type Rendered } from './render-template.ts';

/** A value that a filter wrote for its place already. */
class Written {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

// A place of an inserted value. The values themselves never pass through the text that is scanned, so what a customer
// writes can't change what stands around it, whatever it holds.
const open = '\uE000';
const close = '\uE001';
const places = /\uE000(\d+)\uE001/g;

/** liquidjs calls it as a filter, with the context that it renders in. */
function insert(this: { context?: unknown }, value: unknown): string {
  if (!(this.context instanceof ExcusingContext)) return '';
  const { inserted } = this.context;
  inserted.push(value instanceof Written ? { value: value.text, isWritten: true } : { value: asJson(value), isWritten: false });
  return `${open}${inserted.length - 1}${close}`;
}

interface Rules {
  /** Filters after which a value stands as they wrote it. */
  written: Record<string, (value: unknown) => string>;
  /** A value as it is written behind `before`, the template's own text since the place before; called in order. */
  createWriter: () => (given: Insert, before: string) => string;
}

/** A way to render templates whose inserted values are data in a language of its own: JSON, an address. */
export function createInsertingTemplate({ written, createWriter }: Rules): (text: string, scope: Scope) => Rendered<string> {
  const engine = createLiquid({ outputEscape: insert });
  engine.registerFilter('raw', (value: unknown) => value); // liquidjs would let it pass by the rules
  for (const [name, write] of Object.entries(written)) engine.registerFilter(name, (value: unknown) => new Written(write(value)));
  delete engine.tags['capture']; // would make a text of places
  const parsed = new Map<string, Template[]>();

  const parse = (text: string): Template[] => {
    const known = parsed.get(text);
    if (known) return known;
    try {
      const template = engine.parse(text);
      if (parsed.size >= 500) parsed.clear();
      parsed.set(text, template);
      return template;
    } catch (error) {
      throw invalid(text, error);
    }
  };

  const fillIn = (drawn: string, inserted: readonly Insert[]): string => {
    const write = createWriter();
    let from = 0;
    let filled = '';
    for (const place of drawn.matchAll(places)) {
      const before = drawn.slice(from, place.index);
      const given = inserted[Number(place[1])];
      filled += before + (given ? write(given, before) : '');
      from = place.index + place[0].length;
    }
    return filled + drawn.slice(from);
  };

  return (text, scope) => {
    if (!hasTemplate(text)) return { value: text, missing: [] };
    const template = parse(text);
    return excusing(text, scope, (context) => fillIn(String(engine.renderSync(template, context)), context.inserted), engine);
  };
}
