import { jsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, id, idParams, page, pageQuery } from './shared.ts';
import { conversation } from './talk.ts';

/** Where somebody can be written to on a kind of channel: E.164 on WhatsApp and SMS, small letters for mail. */
export const identity = z.object({ id, channelKind: z.string(), address: z.string() });
export type Identity = z.infer<typeof identity>;

export const contactSummary = z.object({
  id,
  name: z.string(),
  language: z.string(),
  identities: z.array(identity),
  conversations: z.number().int(),
  lastMessageAt: at.nullable(),
});
export type ContactSummary = z.infer<typeof contactSummary>;

export const purpose = z.enum(['service', 'marketing']);

export const contact = contactSummary.omit({ conversations: true }).extend({
  attributes: jsonObject,
  conversations: z.array(conversation),
  notes: z.array(z.object({ id, text: z.string(), by: z.string(), at })),
  /** What each address asked for (`isAllowed` false: to be left alone) or allowed. */
  wishes: z.array(
    z.object({ channelKind: z.string(), address: z.string(), purpose, isAllowed: z.boolean(), since: at, source: z.string() }),
  ),
  suppressed: z.array(z.object({ channelKind: z.string(), address: z.string(), reason: z.string(), since: at })),
  /** Contacts that were joined into this one, and can be parted again. */
  merges: z.array(z.object({ id, contact: id, name: z.string(), by: z.string(), at })),
  /** The contact that this one was joined into. */
  mergedInto: id.nullable(),
  createdAt: at,
});
export type Contact = z.infer<typeof contact>;

const name = z.string().trim().max(200);
const language = z
  .string()
  .trim()
  .max(20)
  .regex(/^(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)?$/, 'Write a language code like "es" or "pt-BR"');
const address = { channelKind: z.string().min(1).max(40), address: z.string().trim().min(1, 'Write the address').max(320) };
const under = z.strictObject({ id, part: id });

export const contacts = {
  listContacts: endpoint({
    method: 'GET',
    path: '/api/contacts',
    summary: 'People who wrote or can be written to, by name',
    permission: 'contacts.read',
    query: z.strictObject({ ...pageQuery, search: z.string().max(200).optional(), except: id.optional() }),
    response: page(contactSummary),
  }),
  createContact: endpoint({
    method: 'POST',
    path: '/api/contacts',
    summary: 'Add a contact by hand',
    permission: 'contacts.manage',
    status: 201,
    body: z.strictObject({
      name: name.min(1, 'Write a name'),
      language: language.default(''),
      identities: z.array(z.strictObject(address)).max(10).default([]),
    }),
    response: contact,
  }),
  getContact: endpoint({
    method: 'GET',
    path: '/api/contacts/:id',
    summary: 'One contact with addresses, conversations, notes and wishes',
    permission: 'contacts.read',
    params: idParams,
    response: contact,
  }),
  updateContact: endpoint({
    method: 'PATCH',
    path: '/api/contacts/:id',
    summary: 'Change a contact; what is set here is not overwritten by a provider’s profile',
    permission: 'contacts.manage',
    params: idParams,
    body: z.strictObject({ name: name.optional(), language: language.optional(), attributes: jsonObject.optional() }),
    response: contact,
  }),
  addIdentity: endpoint({
    method: 'POST',
    path: '/api/contacts/:id/identities',
    summary: 'Add an address; refused when it belongs to another contact',
    permission: 'contacts.manage',
    params: idParams,
    status: 201,
    body: z.strictObject(address),
    response: contact,
  }),
  removeIdentity: endpoint({
    method: 'DELETE',
    path: '/api/contacts/:id/identities/:part',
    summary: 'Remove an address at which no conversation goes on',
    permission: 'contacts.manage',
    params: under,
    response: contact,
  }),
  addContactNote: endpoint({
    method: 'POST',
    path: '/api/contacts/:id/notes',
    summary: 'Note something down about a contact',
    permission: 'contacts.manage',
    params: idParams,
    status: 201,
    body: z.strictObject({ text: z.string().trim().min(1, 'Write the note').max(5_000) }),
    response: contact,
  }),
  removeContactNote: endpoint({
    method: 'DELETE',
    path: '/api/contacts/:id/notes/:part',
    summary: 'Remove a note',
    permission: 'contacts.manage',
    params: under,
    response: contact,
  }),
  setContactWish: endpoint({
    method: 'POST',
    path: '/api/contacts/:id/wishes',
    summary: 'Keep what a contact asked for: no messages of a purpose, messages again, or consent to be written to first',
    permission: 'contacts.manage',
    params: idParams,
    body: z.strictObject({ identity: id, purpose, wish: z.enum(['stop', 'again', 'consent']) }),
    response: contact,
  }),
  mergeContacts: endpoint({
    method: 'POST',
    path: '/api/contacts/:id/merge',
    summary: 'Join another contact into this one; it can be taken back',
    permission: 'contacts.manage',
    params: idParams,
    body: z.strictObject({ contact: id }),
    response: contact,
  }),
  unmergeContacts: endpoint({
    method: 'POST',
    path: '/api/contacts/:id/unmerge',
    summary: 'Part two joined contacts again, as they were',
    permission: 'contacts.manage',
    params: idParams,
    body: z.strictObject({ merge: id }),
    response: z.object({ kept: contact, parted: id }),
  }),
  restoreAddress: endpoint({
    method: 'POST',
    path: '/api/contacts/:id/identities/:part/restore',
    summary: 'Write to an address again that bounced or was not reachable',
    permission: 'contacts.manage',
    params: under,
    response: contact,
  }),
};
