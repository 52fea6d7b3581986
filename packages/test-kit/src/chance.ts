/** A number from a seed and a text, the same everywhere (FNV-1a). */
export function chance(seed: number, text: string): number {
  let hash = 2_166_136_261 ^ seed;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (hash ^ (hash >>> 15)) >>> 0;
}
