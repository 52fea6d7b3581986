import { isJsonObject } from '@holdfast/node-kit';
import { below, lineOf, listOf, type Place } from './document.ts';

/** Where the document says that it is served: whole addresses, their variables at their defaults. Others are left out. */
export function serversOf(place: Place, sourceUrl: string | null): { url: string; title: string }[] {
  const all = listOf(below(place, 'servers')).flatMap((server) => {
    const { value } = server;
    if (!isJsonObject(value) || typeof value['url'] !== 'string') return [];
    const variables = isJsonObject(value['variables']) ? value['variables'] : {};
    const filled = value['url'].replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return isJsonObject(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole;
    });
    const url = URL.parse(filled, sourceUrl ?? undefined);
    const isWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && !filled.includes('{');
    return isWeb && url.href.length <= 2_000 ? [{ url: url.href, title: lineOf(value['description'], 120) }] : [];
  });
  return all.filter(({ url }, index) => all.findIndex((other) => other.url === url) === index).slice(0, 50);
}
