import { Liquid, type FilterImplOptions } from 'liquidjs';

/**
 * The one template engine. Nothing in it reads a file, the clock or chance, so the same data gives the same text wherever
 * it is rendered. Limits are per text: a reply is a few thousand characters and takes far less than a millisecond.
 */
export const liquid = new Liquid({
  ownPropertyOnly: true,
  strictVariables: true, // what is missing is told, and then rendered as nothing: render-template.ts
  lenientIf: true, // `if` and `default` may ask about what is missing
  strictFilters: true,
  timezoneOffset: 0,
  locale: 'en-US',
  parseLimit: 100_000,
  renderLimit: 250,
  memoryLimit: 10_000_000,
  templates: {},
});

for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag];
delete liquid.filters['sample']; // picks by chance

/** Filters that take `now` for a date would read the clock; to them it is a word like any other. */
for (const name of ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'])
  withoutWords(name, ['now', 'today']);

function withoutWords(name: string, words: readonly string[]): void {
  const original = liquid.filters[name];
  if (typeof original !== 'function') throw new Error(`liquidjs has no filter "${name}" any more`);
  const filter: FilterImplOptions = function (value, ...rest) {
    return words.includes(String(value)) ? value : original.call(this, value, ...rest);
  };
  liquid.registerFilter(name, filter);
}

// liquidjs trims with regular expressions that take quadratic time on a customer's 100,000 blanks.
liquid.registerFilter('strip', (value: unknown) => textOf(value).trim());
liquid.registerFilter('lstrip', (value: unknown) => textOf(value).trimStart());
liquid.registerFilter('rstrip', (value: unknown) => textOf(value).trimEnd());
liquid.registerFilter('strip_html', (value: unknown) => stripTags(textOf(value)));

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
