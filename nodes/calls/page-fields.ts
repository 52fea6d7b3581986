import { z } from 'zod';

const paged = ['link', 'next', 'cursor', 'page', 'offset'];
const shownFor = (...is: string[]) => ({ field: 'pages', is }) as const;

/** Lists that come in pages. Only for calls that read: what is read twice after a crash does no harm. */
export const pageFields = (method: string) => ({
  pages: z
    .enum(['none', 'link', 'next', 'cursor', 'page', 'offset'])
    .default('none')
    .meta({
      title: 'Further pages',
      description: 'Reads a list page by page and gives all of it as "items".',
      options: {
        none: 'Only this answer',
        link: 'The header Link names the next one',
        next: 'A field of the answer holds the next address',
        cursor: 'A field of the answer holds a mark for the next one',
        page: 'Pages are counted',
        offset: 'Items are counted',
      },
      showWhen: { field: method, is: ['GET'] },
      advanced: true,
    }),
  itemsAt: z
    .string()
    .max(300)
    .default('')
    .meta({
      title: 'Field with the list',
      description: 'Left empty: the answer itself, or its only list.',
      placeholder: 'data.orders',
      showWhen: shownFor(...paged),
      advanced: true,
    }),
  nextAt: z
    .string()
    .max(300)
    .default('')
    .meta({
      title: 'Field that leads to the next page',
      placeholder: 'paging.next',
      showWhen: shownFor('next', 'cursor'),
      advanced: true,
    }),
  pageParameter: z
    .string()
    .max(200)
    .default('')
    .meta({
      title: 'Query parameter for it',
      placeholder: 'page',
      showWhen: shownFor('cursor', 'page', 'offset'),
      advanced: true,
    }),
  firstPage: z
    .number()
    .int()
    .min(0)
    .max(1)
    .default(1)
    .meta({ title: 'Number of the first page', showWhen: shownFor('page'), advanced: true }),
  mostPages: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(10)
    .meta({ title: 'Pages at most', showWhen: shownFor(...paged), advanced: true }),
  mostItems: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .meta({ title: 'Items at most', showWhen: shownFor(...paged), advanced: true }),
});
