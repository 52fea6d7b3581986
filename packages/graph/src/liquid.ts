import { Liquid, type FilterImplOptions, type LiquidOptions } from 'liquidjs';

const options: LiquidOptions = {
  ownPropertyOnly: true,
  strictVariables: true, // what is missing is told, and then rendered as nothing: render-template.ts
  lenientIf: true, // `if` and `default` may ask about what is missing
  strictFilters: true,
  timezoneOffset: 0,
  locale: 'en-US',
  parseLimit: 100_000,
  renderLimit: 80, // milliseconds; believed the third time only: render-template.ts
  memoryLimit: 10_000_000,
  templates: {},
};

/**
 * A template engine in which nothing reads a file, the clock or chance, so the same data gives the same text wherever it
 * is rendered. Limits are per text: a reply is a few thousand characters and takes far less than a millisecond.
 */
export function createLiquid(more: LiquidOptions = {}): Liquid {
  const engine = new Liquid({ ...options, ...more });
  for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag];
  delete engine.filters['sample']; // picks by chance
  // Filters that take `now` for a date would read the clock; to them it is a word like any other.
  for (const name of ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'])
    withoutWords(engine, name, ['now', 'today']);
  // liquidjs trims with regular expressions that take quadratic time on a customer's 100,000 blanks.
  engine.registerFilter('strip', (value: unknown) => textOf(value).trim());
  engine.registerFilter('lstrip', (value: unknown) => textOf(value).trimStart());
  engine.registerFilter('rstrip', (value: unknown) => textOf(value).trimEnd());
  // A formatted text lets such a value's own formatting through: render-rich-template.ts. Elsewhere it changes nothing.
  engine.registerFilter('formatted', (value: unknown) => value);
  engine.registerFilter('strip_html', (value: unknown) => stripTags(textOf(value)));
  return engine;
}

function withoutWords(engine: Liquid, name: string, words: readonly string[]): void {
  const original = engine.filters[name];
  if (typeof original !== 'function') throw new Error(`liquidjs has no filter "${name}" any more`);
  const filter: FilterImplOptions = function (value, ...rest) {
    return words.includes(String(value)) ? value : original.call(this, value, ...rest);
  };
  engine.registerFilter(name, filter);
}

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
};

/** In one pass, for the same reason. A "<" that nothing closes stays. */
function stripTags(text: string): string {
  let kept = '';
  let from = 0;
  for (let open = text.indexOf('<'); open >= 0; open = text.indexOf('<', from)) {
    const close = text.indexOf('>', open);
    if (close < 0) break;
    kept += text.slice(from, open);
    from = close + 1;
  }
  return kept + text.slice(from);
}

/** The engine for texts that people read, addresses and the like. */
export const liquid = createLiquid();
