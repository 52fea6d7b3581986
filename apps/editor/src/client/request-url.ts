type Parts = Record<string, unknown>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The address of a call: `:name` filled from params, the query appended, what is undefined or empty left out. */
export function requestUrl(path: string, params: Parts = {}, query: Parts = {}): string {
  const filled = path.replaceAll(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(asText(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, asText(value));
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
