import { concat, utf8 } from './bytes.ts';

/** One part of a form with files. */
export interface FormPart {
  name: string;
  content: string | Uint8Array;
  /** Left out: a plain text. */
  mimeType?: string;
  fileName?: string;
}

/**
 * `multipart/form-data` (RFC 7578). The boundary is made of `seed`, so that the same step writes the same bytes when it is tried again; it holds
 * nothing that somebody who fills the parts could foresee.
 */
export function writeMultipart(parts: readonly FormPart[], seed: string): { contentType: string; body: Uint8Array } {
  const boundary = `holdfast-${seed.replaceAll(/[^A-Za-z0-9]/g, '').slice(-40)}`;
  const written = parts.flatMap(({ name, content, mimeType, fileName }) => [
    utf8(
      `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${fileName === undefined ? '' : `; filename="${quoted(fileName)}"`}\r\n${
        mimeType === undefined ? '' : `content-type: ${mimeType.replaceAll(/[^\x20-\x7e]/g, '')}\r\n`
      }\r\n`,
    ),
    typeof content === 'string' ? utf8(content) : content,
    utf8('\r\n'),
  ]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: concat([...written, utf8(`--${boundary}--\r\n`)]) };
}

/** As browsers write them: a name can't end its quotes or its line. */
const quoted = (text: string): string => text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A').toWellFormed();
