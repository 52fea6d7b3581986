import type { FlowFile } from '@holdfast/graph';
import { fileNameOf } from './file-name-of.ts';

/** Hands a flow to the browser as a download. */
export function saveAsFile(file: FlowFile): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileNameOf(file.name);
  link.click();
  URL.revokeObjectURL(url);
}
