import { z } from 'zod';

/** A file of this workspace as data names it: what a step made, or what came with a message or a call. Its content is read by its id. */
export const fileRef = z.object({
  id: z.string().min(1).max(200),
  name: z.string(),
  mimeType: z.string(),
  sizeBytes: z.number().int().nonnegative(),
});
export type FileRef = z.infer<typeof fileRef>;

/** A file to be kept. */
export interface NewFile {
  /** As people see it; what has no place in a file's name is left out. */
  name: string;
  mimeType: string;
  content: Uint8Array;
}

export interface RunFiles {
  /**
   * Keeps a file for as long as its run is kept. `part` tells the files of one step apart; a step that is tried again writes the same file, with the same id.
   * Throws file.too-large.
   */
  save: (file: NewFile, part?: string) => Promise<FileRef>;
  /** Of this workspace alone. Throws file.missing. */
  read: (id: string) => Promise<FileRef & { content: Uint8Array }>;
}

/** The id of a file that data names: a file's own data, an attachment's, or the bare id; null when it names none. */
export function fileIdOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : idInText(value.trim());
  if (typeof value !== 'object' || value === null) return null;
  const id = 'fileId' in value ? value.fileId : 'id' in value ? value.id : null;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** A file's data that was written into a text is JSON there. */
function idInText(text: string): string | null {
  if (!text.startsWith('{')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? null : fileIdOf(value);
  } catch {
    return null;
  }
}
