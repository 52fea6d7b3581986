import { HoldfastError, say } from '@holdfast/errors';
import { isJsonObject, type EgressRequest, type EgressResponse, type JsonValue } from '@holdfast/node-kit';
import type { CallSettings } from './call-settings.ts';
import { nextLink } from './next-link.ts';

/** Of all pages together, as JSON: the page that goes beyond is the last one. */
const mostBytes = 5_000_000;

export interface AllPages {
  items: JsonValue[];
  /** How many were read. */
  pages: number;
  /** There are more, which were not read. */
  hasMore: boolean;
}

type Once = (request: EgressRequest) => Promise<EgressResponse>;
type Paging = Pick<CallSettings, 'pages' | 'itemsAt' | 'nextAt' | 'pageParameter' | 'firstPage' | 'mostPages' | 'mostItems'>;

/**
 * Reads a list page by page, each with an attempt of its own; what was read is thrown away when one of them fails, and the step begins anew. A page that
 * is refused ends it with that answer. Throws step.config where there is no list, and egress.blocked for a next page at a foreign host.
 */
export async function readPages(once: Once, paging: Paging, first: EgressRequest): Promise<EgressResponse & Partial<AllPages>> {
  const items: JsonValue[] = [];
  let request = asFirst(paging, first);
  let durationMs = 0;
  let bytes = 0;
  const seen = new Set<string>();
  for (let pages = 1; ; pages += 1) {
    const response = await once(pages === 1 ? request : { ...request, part: `${first.part ?? ''}page-${pages}` });
    durationMs += response.durationMs;
    if (response.status >= 400) return { ...response, durationMs };
    const found = listIn(response.body, paging.itemsAt);
    bytes += JSON.stringify(found).length;
    const isCut = found.length > paging.mostItems - items.length;
    items.push(...found.slice(0, paging.mostItems - items.length));
    const next = nextRequest(paging, { request, response, found, pages, count: items.length });
    const whole = { ...response, durationMs, body: null, items, pages };
    if (next === null) return { ...whole, hasMore: isCut };
    seen.add(addressOf(request));
    if (pages === paging.mostPages || items.length >= paging.mostItems || bytes >= mostBytes) return { ...whole, hasMore: true };
    if (seen.has(addressOf(next))) throw circle(next);
    assertAtHome(first, next);
    request = next;
  }
}

function asFirst({ pages, pageParameter, firstPage }: Paging, request: EgressRequest): EgressRequest {
  if (pages === 'page') return withParameter(request, pageParameter, String(firstPage));
  return pages === 'offset' ? withParameter(request, pageParameter, '0') : request;
}

interface Page {
  request: EgressRequest;
  response: EgressResponse;
  found: JsonValue[];
  pages: number;
  count: number;
}

/** Null: this was the last page. */
function nextRequest(paging: Paging, { request, response, found, pages, count }: Page): EgressRequest | null {
  const { pageParameter, nextAt, firstPage } = paging;
  switch (paging.pages) {
    case 'none':
      return null;
    case 'link':
      return at(request, nextLink(response.headers['link'] ?? ''));
    case 'next':
      return at(request, textAt(response.body, nextAt));
    case 'cursor': {
      const cursor = textAt(response.body, nextAt);
      return cursor === null ? null : withParameter(request, pageParameter, cursor);
    }
    case 'page':
      return found.length === 0 ? null : withParameter(request, pageParameter, String(firstPage + pages));
    case 'offset':
      return found.length === 0 ? null : withParameter(request, pageParameter, String(count));
  }
}

/** The address of the next page says all that the first one's query said. */
function at(request: EgressRequest, next: string | null): EgressRequest | null {
  if (next === null) return null;
  const { query: _query, ...rest } = request;
  return { ...rest, url: URL.parse(next, request.url)?.href ?? next };
}

/** A parameter that the address itself has would stand there twice. */
function withParameter(request: EgressRequest, name: string, value: string): EgressRequest {
  const url = URL.parse(request.url);
  if (!url?.searchParams.has(name)) return { ...request, query: { ...request.query, [name]: value } };
  url.searchParams.set(name, value);
  return { ...request, url: url.href };
}

const addressOf = ({ url, query }: EgressRequest): string => JSON.stringify([url, query ?? {}]);

/** A service can't lead the step elsewhere; where a credential goes along, its own hosts are what counts. */
function assertAtHome(first: EgressRequest, next: EgressRequest): void {
  if (first.credential !== undefined) return;
  const [home, there] = [URL.parse(first.url), URL.parse(next.url)];
  if (home && there && home.origin === there.origin) return;
  throw new HoldfastError('egress.blocked', {
    detail: say`The next page is said to be at ${there?.host ?? next.url.slice(0, 200)}, which is not where the first one came from. Nothing was sent there.`,
    hint: 'Give the call a connection that is bound to both hosts.',
  });
}

function listIn(body: JsonValue, itemsAt: string): JsonValue[] {
  const value = itemsAt.trim() === '' ? body : valueAt(body, itemsAt);
  if (Array.isArray(value)) return value;
  const lists = isJsonObject(value) && itemsAt.trim() === '' ? Object.values(value).filter((part) => Array.isArray(part)) : [];
  const [only, second] = lists;
  if (only && !second) return only;
  throw new HoldfastError('step.config', {
    detail: itemsAt.trim() === '' ? 'The answer is no list, and holds none or several.' : say`The answer holds no list at "${itemsAt}".`,
    hint: 'Say under "Field with the list" where it stands, for example data.orders.',
    path: 'itemsAt',
  });
}

function valueAt(body: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = body;
  for (const key of path.trim().split('.')) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** A mark may be a number; empty, null and false say that there is no more. */
function textAt(body: JsonValue, path: string): string | null {
  const value = valueAt(body, path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

const circle = ({ url }: EgressRequest): HoldfastError =>
  new HoldfastError('upstream.refused', {
    detail: say`The next page is said to be at ${url.slice(0, 200)}, which was read already.`,
    hint: 'Look at the settings under "Further pages".',
  });
