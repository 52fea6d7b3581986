export interface ImageType {
  mimeType: 'image/png' | 'image/jpeg';
  width: number;
  height: number;
}

/** What a picture is by its first bytes, whatever it is called; null when it is neither PNG nor JPEG. */
export function detectImage(content: Uint8Array): ImageType | null {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length >= 24 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a)
    return { mimeType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
  return content.length >= 4 && view.getUint16(0) === 0xffd8 ? jpegSize(view) : null;
}

/** Start-of-frame markers; the others of their range are tables and extensions. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegSize(view: DataView): ImageType | null {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (isFrame(marker)) return { mimeType: 'image/jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    // Fill bytes stand for themselves; every other segment says how long it is.
    at += marker === 0xff ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}
