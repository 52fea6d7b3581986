import type { Attachment, OutgoingMessage } from '@holdfast/node-kit';
import { layOutText, spellOutLinks, type Laid } from './lay-out.ts';
import { withoutFile } from './refusals.ts';

const isFile = ({ kind, fileId }: Attachment): boolean => kind !== 'location' && kind !== 'contact' && fileId !== undefined;
export const isPlace = ({ kind, latitude, longitude }: Attachment): boolean =>
  kind === 'location' && latitude !== undefined && longitude !== undefined;

/** A place opens in the map of whatever device it is read on. */
export function placeAsText({ name, address, latitude = 0, longitude = 0 }: Attachment): string {
  const words = [name, address].filter((part) => part !== undefined && part !== '').join(', ');
  return `${words === '' ? '' : `${words}\n`}https://maps.google.com/?q=${latitude},${longitude}`;
}

export interface Carried {
  /** Goes as what it is. */
  attachment: Attachment | null;
  /** Its caption; or all of it, where the channel has nothing of the kind. */
  laid: Laid[];
}

/** What a channel makes of an attachment: the file itself, or a text that says the same. Throws channel.content. */
export function carry(attachment: Attachment, format: OutgoingMessage['format'], has: { places: boolean; contacts: boolean }): Carried {
  const laid = spellOutLinks(layOutText(attachment.caption ?? '', format), () => false);
  if (
    isFile(attachment) ||
    (has.places && isPlace(attachment)) ||
    (has.contacts && attachment.kind === 'contact' && attachment.phone !== undefined)
  )
    return { attachment, laid };
  const words = isPlace(attachment)
    ? placeAsText(attachment)
    : [attachment.name, attachment.phone].filter((part) => part !== undefined && part !== '').join(' ');
  if (words === '') throw withoutFile(attachment);
  return { attachment: null, laid: [{ text: words }, ...(laid.length > 0 ? [{ text: '\n' }, ...laid] : [])] };
}
