import { attachmentKind, fileIdOf, type Attachment } from '@holdfast/node-kit';
import { z } from 'zod';

const file = z.strictObject({
  fileId: z.string().min(1, 'Choose a file').max(200).meta({
    title: 'File',
    description: 'What an earlier step made, as a document or a spreadsheet, or what came with a message.',
    placeholder: '{{ nodes.invoice.file }}',
    template: true,
    keepsType: true,
    widget: 'file',
  }),
  kind: attachmentKind.default('document').meta({
    title: 'Kind',
    options: {
      image: 'Picture',
      voice: 'Voice note',
      audio: 'Audio',
      video: 'Video',
      document: 'Document',
      location: 'Place',
      sticker: 'Sticker',
      contact: 'Contact',
      other: 'Other',
    },
  }),
  name: z.string().max(200).optional().meta({ title: 'Name', template: true }),
  caption: z.string().max(1_000).optional().meta({ title: 'Caption', template: true, insertsAs: 'rich' }),
});

/** Files that go with a message. */
export const messageFiles = z.array(file).max(10).default([]).meta({ title: 'Files' });
export type MessageFile = z.infer<typeof messageFiles>[number];

/** A file's own data names it as well as its id does. */
export const attachmentOf = ({ fileId, kind, name, caption }: MessageFile): Attachment => ({
  fileId: fileIdOf(fileId) ?? '',
  kind,
  ...(name ? { name } : {}),
  ...(caption ? { caption } : {}),
});
