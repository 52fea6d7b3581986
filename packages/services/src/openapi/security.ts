import type { Description } from '../description.ts';
import { entriesOf, lineOf, type Pages } from './document.ts';

/** The ways to prove who we are, with the kinds of credentials that can. What can't be read is left out: staff may choose any credential. */
export function securityOf(pages: Pages): Description['security'] {
  const schemes = entriesOf(pages.object({ value: pages.root['components'], path: 'components' }) ?? { value: undefined, path: '' }).find(
    ([name]) => name === 'securitySchemes',
  );
  return (schemes ? entriesOf(schemes[1]) : []).slice(0, 20).flatMap(([name, place]) => {
    if (isOutside(place.value)) return [];
    const scheme = pages.object(place)?.value;
    if (!scheme) return [];
    const kinds = kindsOf(lineOf(scheme['type'], 40), lineOf(scheme['scheme'], 40).toLowerCase(), lineOf(scheme['in'], 20));
    return [{ name: lineOf(name, 120), title: lineOf(scheme['description'], 200), kinds }];
  });
}

const isOutside = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  '$ref' in value &&
  !(typeof value.$ref === 'string' && value.$ref.startsWith('#/components/securitySchemes/'));

function kindsOf(type: string, scheme: string, place: string): string[] {
  if (type === 'http' && scheme === 'basic') return ['basic'];
  if (type === 'http' && scheme === 'bearer') return ['bearer', 'oauth2'];
  if (type === 'apiKey' && place === 'header') return ['header'];
  if (type === 'apiKey' && place === 'query') return ['query'];
  if (type === 'oauth2' || type === 'openIdConnect') return ['oauth2', 'bearer'];
  return [];
}
