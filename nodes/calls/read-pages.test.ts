import type { EgressRequest, EgressResponse, JsonValue } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { nextLink } from './next-link.ts';
import { readPages } from './read-pages.ts';

const paging = { pages: 'link' as const, itemsAt: '', nextAt: '', pageParameter: '', firstPage: 1, mostPages: 10, mostItems: 100 };
const first: EgressRequest = { method: 'GET', url: 'https://shop.test/orders', query: { state: 'open' } };
type Given = Partial<Omit<typeof paging, 'pages'>> & { pages: 'link' | 'next' | 'cursor' | 'page' | 'offset' };

/** Serves what `pages` says, in order; answers what was asked for. */
async function read(given: Given, pages: readonly { body: JsonValue; link?: string; status?: number }[], request = first) {
  const asked: EgressRequest[] = [];
  const once = async (one: EgressRequest): Promise<EgressResponse> => {
    const page = pages[asked.push(one) - 1] ?? { body: [] };
    return { status: page.status ?? 200, headers: page.link === undefined ? {} : { link: page.link }, body: page.body, durationMs: 1 };
  };
  const answer = await readPages(once, { ...paging, ...given }, request).catch((error: unknown) => error);
  return { answer, asked: asked.map(({ url, query, part }) => [new URL(url).pathname + new URL(url).search, query, part]) };
}

test('the header Link leads on, each page a call of its own', async () => {
  const { answer, asked } = await read({ pages: 'link' }, [
    { body: [1, 2], link: '</orders?after=2>; rel="next", </orders>; rel="first"' },
    { body: [3] },
  ]);
  expect(answer).toMatchObject({ items: [1, 2, 3], pages: 2, hasMore: false, body: null, durationMs: 2 });
  expect(asked).toEqual([
    ['/orders', { state: 'open' }, undefined],
    ['/orders?after=2', undefined, 'page-2'],
  ]);
});

test('a field leads on, by its address or by a mark', async () => {
  const next = await read({ pages: 'next', itemsAt: 'data.list', nextAt: 'data.next' }, [
    { body: { data: { list: [1], next: 'https://shop.test/orders?p=2' }, others: [] } },
    { body: { data: { list: [2], next: null } } },
  ]);
  expect(next.answer).toMatchObject({ items: [1, 2], pages: 2 });
  const cursor = await read({ pages: 'cursor', nextAt: 'cursor', pageParameter: 'after' }, [
    { body: { orders: [1], cursor: 'a&b' } },
    { body: { orders: [2], cursor: '' } },
  ]);
  expect(cursor.answer).toMatchObject({ items: [1, 2] });
  expect(cursor.asked[1]).toEqual(['/orders', { state: 'open', after: 'a&b' }, 'page-2']);
});

test('pages and items are counted until one is empty', async () => {
  const pages = [{ body: ['a', 'b'] }, { body: ['c'] }];
  expect((await read({ pages: 'page', pageParameter: 'page' }, pages)).asked.map(([, query]) => query)).toEqual([
    { state: 'open', page: '1' },
    { state: 'open', page: '2' },
    { state: 'open', page: '3' },
  ]);
  const offset = await read({ pages: 'offset', pageParameter: 'from' }, pages, { ...first, url: 'https://shop.test/orders?from=7' });
  expect(offset.asked.map(([address]) => address)).toEqual(['/orders?from=0', '/orders?from=2', '/orders?from=3']);
});

test('it stops at so many pages and items, and says that there are more', async () => {
  const endless = Array.from({ length: 5 }, (_, nth) => ({ body: [nth, nth], link: `</orders?p=${nth}>; rel=next` }));
  expect((await read({ pages: 'link', mostPages: 2 }, endless)).answer).toMatchObject({ pages: 2, hasMore: true });
  expect((await read({ pages: 'link', mostItems: 3 }, endless)).answer).toMatchObject({ items: [0, 0, 1], hasMore: true });
  expect((await read({ pages: 'link', mostItems: 1 }, [{ body: [1, 2] }])).answer).toMatchObject({ items: [1], hasMore: true });
});

test('it stops at 5 MB', async () => {
  const large = Array.from({ length: 8 }, (_, nth) => ({ body: ['x'.repeat(1_900_000)], link: `</orders?p=${nth}>; rel=next` }));
  expect((await read({ pages: 'link' }, large)).answer).toMatchObject({ pages: 3, hasMore: true });
});

test('it does not go in circles, nor elsewhere, nor on without a list', async () => {
  const circle = await read({ pages: 'link' }, [
    { body: [1], link: '</orders?p=2>; rel=next' },
    { body: [2], link: '</orders?p=2>; rel=next' },
  ]);
  expect(circle.answer).toMatchObject({ code: 'upstream.refused' });
  for (const target of ['http://169.254.169.254/latest', 'https://evil.test/orders', 'http://shop.test/orders', 'file:///etc/passwd']) {
    const { answer, asked } = await read({ pages: 'link' }, [{ body: [1], link: `<${target}>; rel=next` }]);
    expect(answer).toMatchObject({ code: 'egress.blocked' });
    expect(asked).toHaveLength(1);
  }
  expect((await read({ pages: 'link' }, [{ body: { a: [], b: [] } }])).answer).toMatchObject({ code: 'step.config', path: 'itemsAt' });
});

test('a page that is refused is the answer', async () => {
  const { answer } = await read({ pages: 'link' }, [
    { body: [1], link: '</b>; rel=next' },
    { body: { no: 1 }, status: 403 },
  ]);
  expect(answer).toMatchObject({ status: 403, body: { no: 1 } });
  expect(answer).not.toHaveProperty('items');
});

test.each([
  ['<https://a.test/x,y;z?q="1">; rel="prev next"', 'https://a.test/x,y;z?q="1"'],
  ['</a>; title="x, rel=next"; rel=last, </b>; REL=Next', '/b'],
  ['</a>; rel=nextish', null],
  ['<>; rel=next', null],
  ['', null],
])('Link: %s leads to %s', (header, target) => expect(nextLink(header)).toBe(target));
