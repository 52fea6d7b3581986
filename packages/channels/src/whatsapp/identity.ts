import type { InboundEvent } from '../channel-adapter.ts';
import type { MetaContact } from './update-schema.ts';

/** A user id that is scoped to the business: BSUID. Meta's own form. */
const userId = /^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$/;

export const isUserId = (address: string): boolean => userId.test(address);
export const isPhone = (address: string): boolean => /^\+\d{5,20}$/.test(address);

/** A number as Meta writes it, in E.164; undefined for anything else, also for a user id in a phone's place. */
export function phoneOf(waId: string | undefined): string | undefined {
  const digits = waId?.replaceAll(/[\s+()-]/g, '') ?? '';
  return /^\d{5,20}$/.test(digits) ? `+${digits}` : undefined;
}

interface Names {
  phone?: string | undefined;
  ids: (string | undefined)[];
}

/**
 * Everything Meta calls one person. The phone comes first where it is known, since staff and flows know it too; whoever hides it is
 * known by their user id, and both stand in `aliases`, so that the contact stays the same when the phone comes or goes.
 */
export function personOf(names: Names, contact: MetaContact | undefined): { address: string; contact: InboundEvent['contact'] } {
  const phone = phoneOf(names.phone) ?? phoneOf(contact?.wa_id);
  const ids = [...names.ids, names.phone, contact?.user_id, contact?.wa_id, contact?.parent_user_id].filter(
    (id): id is string => id !== undefined && isUserId(id),
  );
  const all = [...new Set([...(phone === undefined ? [] : [phone]), ...ids])];
  const address = all[0] ?? '';
  return {
    address,
    contact: {
      address,
      name: contact?.profile?.name ?? contact?.profile?.username ?? '',
      language: '',
      ...(phone === undefined ? {} : { phone }),
      // Also when there are none: this address may be another's alias.
      aliases: all.slice(1),
    },
  };
}

/** Where an answer goes, in the words of a send: groups by their id, people by number or user id. */
export function recipientOf(address: string): { recipient_type: 'individual' | 'group'; to?: string; recipient?: string } {
  if (isPhone(address)) return { recipient_type: 'individual', to: address.slice(1) };
  if (isUserId(address)) return { recipient_type: 'individual', recipient: address };
  return { recipient_type: 'group', to: address };
}
