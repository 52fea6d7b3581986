import { sniffType, type EffectContext, type EgressResponse, type FileRef } from '@holdfast/node-kit';

/** Kept with the run, under the name that staff or the service gave it and with the type that its bytes show. */
export function saveAnswer(
  { files }: EffectContext,
  { bytes = new Uint8Array(), headers }: EgressResponse,
  fileName: string,
): Promise<FileRef> {
  const name = fileName.trim() || nameIn(headers['content-disposition'] ?? '') || 'answer';
  return files.save({ name, mimeType: sniffType(bytes, headers['content-type']), content: bytes });
}

/** `filename*` (RFC 6266) before `filename`. */
function nameIn(disposition: string): string {
  const parameters = disposition.split(';').map((part) => part.trim());
  const valueOf = (name: string): string =>
    parameters.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const extended = valueOf('filename*').split("'");
  if (extended.length === 3 && extended[0]?.toLowerCase() === 'utf-8') return decoded(extended[2] ?? '');
  return valueOf('filename').replaceAll('"', '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
