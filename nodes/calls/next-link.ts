/** The target of `rel="next"` in a Link header (RFC 8288); null when there is none. */
export function nextLink(header: string): string | null {
  for (const link of split(header, ',')) {
    const [target = '', ...parameters] = split(link, ';').map((part) => part.trim());
    const isNext = parameters.some((parameter) => relOf(parameter).includes('next'));
    if (isNext && target.startsWith('<') && target.endsWith('>')) return target.slice(1, -1).trim() || null;
  }
  return null;
}

function relOf(parameter: string): string[] {
  const [name = '', ...value] = parameter.split('=');
  if (name.trim().toLowerCase() !== 'rel') return [];
  return value.join('=').trim().replaceAll('"', '').toLowerCase().split(/\s+/);
}

/** At a sign, but not inside of `<…>` and quotes. */
function split(text: string, sign: string): string[] {
  const parts: string[] = [];
  let inside: '>' | '"' | null = null;
  let from = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inside !== null) {
      if (character === '\\' && inside === '"') index += 1;
      else if (character === inside) inside = null;
    } else if (character === '<') inside = '>';
    else if (character === '"') inside = '"';
    else if (character === sign) {
      parts.push(text.slice(from, index));
      from = index + 1;
    }
  }
  return [...parts, text.slice(from)];
}
