import type { JsonValue, Scope } from '@holdfast/node-kit';
import type { FilterImplOptions, Template } from 'liquidjs';
import { createLiquid } from './liquid.ts';
import { asJson, excusing, ExcusingContext, hasTemplate, invalid, type JsonInsert, type Rendered } from './render-template.ts';

/** JSON that stands as it is where a value may stand. */
class WrittenJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

// A place of an inserted value. The values themselves never pass through the text that is scanned, so what a customer
// writes can't become JSON, whatever it holds.
const open = '\uE000';
const close = '\uE001';
const places = /\uE000(\d+)\uE001/g;

const insert: FilterImplOptions = function (value) {
  if (!(this.context instanceof ExcusingContext)) return '';
  const { inserted } = this.context;
  inserted.push(value instanceof WrittenJson ? { value: value.text, isWritten: true } : { value: asJson(value), isWritten: false });
  return `${open}${inserted.length - 1}${close}`;
};

const engine = createLiquid({ outputEscape: insert });
engine.registerFilter('json', (value: unknown) => new WrittenJson(JSON.stringify(asJson(value))));
engine.registerFilter('raw', (value: unknown) => value); // there is no way around the rule
delete engine.tags['capture']; // would make a text of places

const parsed = new Map<string, Template[]>();

function parse(text: string): Template[] {
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
}

/**
 * A template that writes JSON. A value between quotes becomes part of that text, escaped; a value without quotes becomes
 * JSON of its own kind. Throws template.invalid.
 */
export function renderJsonTemplate(text: string, scope: Scope): Rendered<string> {
  if (!hasTemplate(text)) return { value: text, missing: [] };
  const template = parse(text);
  return excusing(text, scope, (context) => fillIn(String(engine.renderSync(template, context)), context.inserted), engine);
}

function fillIn(drawn: string, inserted: readonly JsonInsert[]): string {
  let isQuoted = false;
  let from = 0;
  let written = '';
  for (const place of drawn.matchAll(places)) {
    const before = drawn.slice(from, place.index);
    isQuoted = endsQuoted(before, isQuoted);
    const given = inserted[Number(place[1])];
    written += before + (given ? (isQuoted ? asPart(given.value) : asWhole(given)) : '');
    from = place.index + place[0].length;
  }
  return written + drawn.slice(from);
}

/** Whether a piece of JSON ends inside of a text. */
function endsQuoted(piece: string, isQuoted: boolean): boolean {
  let inside = isQuoted;
  for (let at = 0; at < piece.length; at += 1) {
    if (piece[at] === '"') inside = !inside;
    else if (piece[at] === '\\' && inside) at += 1;
  }
  return inside;
}

const asPart = (value: JsonValue): string => {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return JSON.stringify(text).slice(1, -1);
};

const asWhole = ({ value, isWritten }: JsonInsert): string => (isWritten && typeof value === 'string' ? value : JSON.stringify(value));
