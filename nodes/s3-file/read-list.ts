import { SaxesParser } from 'saxes';

export interface ListedFile {
  key: string;
  sizeBytes: number;
  changedAt: string;
}

/** A bucket's list, as S3 answers it. Throws on what is no XML. */
export function readList(xml: string): { files: ListedFile[]; hasMore: boolean } {
  const files: ListedFile[] = [];
  const way: string[] = [];
  let [hasMore, text] = [false, ''];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    way.push(name);
    text = '';
    if (name === 'Contents') files.push({ key: '', sizeBytes: 0, changedAt: '' });
  });
  parser.on('text', (piece) => (text += piece));
  parser.on('closetag', ({ name }) => {
    way.pop();
    const last = files.at(-1);
    if (name === 'IsTruncated') hasMore = text === 'true';
    if (way.at(-1) !== 'Contents' || !last) return;
    if (name === 'Key') last.key = text;
    if (name === 'Size') last.sizeBytes = Number(text);
    if (name === 'LastModified') last.changedAt = text;
  });
  parser.write(xml).close();
  return { files, hasMore };
}

/** S3's own word for what went wrong. */
export const errorCodeIn = (body: unknown): string =>
  typeof body === 'string' ? (/<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(body)?.[1] ?? '') : '';
