const signatures: readonly { type: string; at: number; bytes: readonly number[] }[] = [
  { type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
  { type: 'application/pdf', at: 0, bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'audio/ogg', at: 0, bytes: [0x4f, 0x67, 0x67, 0x53] },
  { type: 'audio/mpeg', at: 0, bytes: [0x49, 0x44, 0x33] },
  { type: 'video/mp4', at: 4, bytes: [0x66, 0x74, 0x79, 0x70] },
  { type: 'application/zip', at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
];

/** Texts that nothing opens as a page. */
const texts = new Set(['text/plain', 'text/csv', 'application/json', 'application/xml', 'text/xml']);
/** Archives by their first bytes; which kind of document they are only their sender says. */
const archives = /^application\/(vnd\.openxmlformats-officedocument\.[\w.]+|vnd\.oasis\.opendocument\.[\w.]+|epub\+zip)$/;

/**
 * A file's type by its first bytes. What its sender says counts only where it can do no harm: kinds of office documents, and plain texts. Everything else is
 * bytes, other text included: it may be HTML or SVG.
 */
export function sniffType(content: Uint8Array, declared = ''): string {
  const found = signatures.find(({ at, bytes }) => bytes.every((byte, index) => content[at + index] === byte))?.type;
  const said = declared.split(';')[0]?.trim().toLowerCase() ?? '';
  if (found === 'application/zip') return archives.test(said) ? said : found;
  if (found !== undefined) return found;
  return texts.has(said) && !content.subarray(0, 4_096).includes(0) ? said : 'application/octet-stream';
}
