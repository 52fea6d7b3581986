import { textFormat as formats, type OutgoingMessage, type TextFormat } from '@holdfast/node-kit';
import { defaultListLabel } from './list-label.ts';

/** Steps from before formatting keep their texts as they are written. */
export const textFormat = formats.default('plain').meta({
  title: 'Formatting',
  options: { plain: 'As it is written', rich: 'Formatted: **bold**, _italic_, lists, links' },
  startsAs: 'rich',
  advanced: true,
});

/** How a message looks, for the settings that differ from a plain one. */
export const looksOf = (given: { textFormat: TextFormat; listLabel: string }): Pick<OutgoingMessage, 'format' | 'list'> => ({
  ...(given.textFormat === 'rich' ? { format: 'rich' } : {}),
  ...(given.listLabel === defaultListLabel ? {} : { list: { open: given.listLabel } }),
});
