import type { Category } from '@holdfast/node-kit';

/** The hue of a node's category; the value changes with light and dark. */
export const categoryAccent = (category: Category): string => `var(--category-${category})`;
