import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { FormField } from '../form/form-field.ts';
import { blankOf, isJsonObject } from '../form/form-value.ts';

export const objectsOf = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

/** `rules` → `rule-3`: an id that no other item has. Ids name ports, so they are given once and then stay. */
export function freeItemId(listKey: string, items: readonly JsonObject[]): string {
  const base =
    listKey
      .replace(/(ies|es|s)$/, (ending) => (ending === 'ies' ? 'y' : ending === 'es' && !/(ch|sh|x|ss)es$/.test(listKey) ? 'e' : ''))
      .replaceAll(/[^a-z0-9]+/gi, '-')
      .toLowerCase() || 'item';
  const taken = new Set(items.map((item) => item['id']));
  let number = items.length + 1;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/** A new item for a list of objects; where items carry an id, it gets a free one. */
export function blankItem(field: FormField, items: readonly JsonObject[]): JsonObject {
  const item = field.shape.kind === 'list' ? field.shape.item : field;
  const blank = blankOf(item);
  const object = isJsonObject(blank) ? blank : {};
  const hasId = item.shape.kind === 'group' && item.shape.fields.some((inner) => inner.key === 'id' && inner.shape.kind === 'text');
  return hasId ? { ...object, id: freeItemId(field.key, items) } : object;
}

export function moveItem<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from];
  return item === undefined || to < 0 || to >= items.length ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** What an item is called in its head: its name or label, else the first text in it. */
export function itemTitle(item: JsonObject): string {
  for (const key of ['name', 'label', 'title', 'model', 'field', 'item', 'sku'])
    if (typeof item[key] === 'string' && item[key] !== '') return item[key];
  return '';
}

/** A second, quieter piece of an item's head: its words. */
export function itemDetail(item: JsonObject): string {
  for (const value of Object.values(item)) {
    const texts = Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
    if (texts.length > 0) return texts.join(', ');
  }
  return '';
}
