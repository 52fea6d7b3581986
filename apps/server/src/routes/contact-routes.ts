import { parseAddress } from '@holdfast/channels';
import { endpoints, type Contact } from '@holdfast/contracts';
import {
  addIdentity,
  deleteContactNote,
  giveConsent,
  insertContact,
  insertContactNote,
  listContacts,
  listConversationViews,
  loadContact,
  mergeContacts,
  newId,
  optIn,
  optOut,
  removeIdentity,
  transaction,
  unmergeContacts,
  unsuppress,
  updateContact,
  type ContactView,
  type Queryable,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';
import { pageOf } from './pages.ts';

const shownConversations = 50;

export function contactRoutes({ pool }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadContact(pool, { workspaceId: caller.workspaceId, id: params.id });
  const view = (caller: Caller, id: string) => viewContact(pool, caller.workspaceId, id);
  return [
    route(endpoints.listContacts, {
      run: async ({ query, caller }) => {
        const rows = await listContacts(pool, {
          workspaceId: caller.workspaceId,
          search: query.search?.trim() ? query.search.trim() : null,
          after: query.cursor ?? null,
          limit: query.limit + 1,
          except: query.except ?? null,
        });
        return pageOf(rows, query.limit, ({ id }) => id);
      },
    }),
    route(endpoints.createContact, {
      run: async ({ body, caller }) => {
        const id = newId('contact');
        await transaction(pool, async (client) => {
          await insertContact(client, { workspaceId: caller.workspaceId, id, name: body.name, language: body.language });
          for (const [index, identity] of body.identities.entries())
            await claimAddress(client, {
              workspaceId: caller.workspaceId,
              contactId: id,
              path: `identities.${index}.address`,
              ...identity,
            });
          await auditOf(client, caller, { action: 'contact.created', subject: id });
        });
        return view(caller, id);
      },
    }),
    route(endpoints.getContact, { load, run: ({ loaded, caller }) => view(caller, loaded.id) }),
    route(endpoints.updateContact, {
      load,
      run: async ({ loaded, body, caller }) => {
        await updateContact(pool, {
          workspaceId: caller.workspaceId,
          id: loaded.id,
          name: body.name ?? null,
          language: body.language ?? null,
          attributes: body.attributes ?? null,
        });
        await auditOf(pool, caller, { action: 'contact.changed', subject: loaded.id, detail: { fields: Object.keys(body) } });
        return view(caller, loaded.id);
      },
    }),
    ...addressRoutes({ pool, load, view }),
    ...noteRoutes({ pool, load, view }),
    ...mergeRoutes({ pool, load, view }),
  ];
}

interface Parts {
  pool: ServerDeps['pool'];
  load: (given: { caller: Caller; params: { id: string } }) => Promise<ContactView | null>;
  view: (caller: Caller, id: string) => Promise<Contact>;
}

function addressRoutes({ pool, load, view }: Parts): Route[] {
  return [
    route(endpoints.addIdentity, {
      load,
      run: async ({ loaded, body, caller }) => {
        await claimAddress(pool, { workspaceId: caller.workspaceId, contactId: loaded.id, path: 'address', ...body });
        await auditOf(pool, caller, { action: 'contact.address-added', subject: loaded.id, detail: { channelKind: body.channelKind } });
        return view(caller, loaded.id);
      },
    }),
    route(endpoints.removeIdentity, {
      load,
      run: async ({ loaded, params, caller }) => {
        identityOf(loaded, params.part);
        const isGone = await removeIdentity(pool, { workspaceId: caller.workspaceId, contactId: loaded.id, id: params.part });
        if (!isGone)
          throw new HoldfastError('resource.conflict', {
            detail: 'A conversation goes on at this address, so it can’t be removed.',
            hint: 'It would come back with the next message.',
          });
        await auditOf(pool, caller, { action: 'contact.address-removed', subject: loaded.id });
        return view(caller, loaded.id);
      },
    }),
    route(endpoints.restoreAddress, {
      load,
      run: async ({ loaded, params, caller }) => {
        const { channelKind, address } = identityOf(loaded, params.part);
        await unsuppress(pool, { workspaceId: caller.workspaceId, channelKind, address });
        await auditOf(pool, caller, { action: 'contact.address-restored', subject: loaded.id, detail: { channelKind } });
        return view(caller, loaded.id);
      },
    }),
    route(endpoints.setContactWish, {
      load,
      run: async ({ loaded, body, caller }) => {
        const { channelKind, address } = identityOf(loaded, body.identity);
        const at = { workspaceId: caller.workspaceId, channelKind, address, purpose: body.purpose };
        if (body.wish === 'stop') await optOut(pool, { ...at, source: 'staff', detail: { by: caller.name } });
        else await optIn(pool, at);
        if (body.wish === 'consent') await giveConsent(pool, { ...at, source: 'staff', detail: { by: caller.name } });
        await auditOf(pool, caller, {
          action: `contact.${wishActs[body.wish]}`,
          subject: loaded.id,
          detail: { channelKind, purpose: body.purpose },
        });
        return view(caller, loaded.id);
      },
    }),
  ];
}

const wishActs = { stop: 'opted-out', again: 'opted-in', consent: 'consented' } as const;

function noteRoutes({ pool, load, view }: Parts): Route[] {
  return [
    route(endpoints.addContactNote, {
      load,
      run: async ({ loaded, body, caller }) => {
        const note = { id: newId('contactNote'), workspaceId: caller.workspaceId, contactId: loaded.id, text: body.text };
        await insertContactNote(pool, { ...note, byUserId: caller.id, byName: caller.name });
        return view(caller, loaded.id);
      },
    }),
    route(endpoints.removeContactNote, {
      load,
      run: async ({ loaded, params, caller }) => {
        const isGone = await deleteContactNote(pool, { workspaceId: caller.workspaceId, contactId: loaded.id, id: params.part });
        if (!isGone) throw missingResource();
        await auditOf(pool, caller, { action: 'contact.note-removed', subject: loaded.id });
        return view(caller, loaded.id);
      },
    }),
  ];
}

function mergeRoutes({ pool, load, view }: Parts): Route[] {
  return [
    route(endpoints.mergeContacts, {
      load,
      run: async ({ loaded, body, caller }) => {
        if (body.contact === loaded.id)
          throw new HoldfastError('request.invalid', {
            detail: 'A contact can’t be joined into itself.',
            hint: 'Choose another one.',
            path: 'contact',
          });
        const merge = {
          id: newId('contactMerge'),
          workspaceId: caller.workspaceId,
          keptId: loaded.id,
          mergedId: body.contact,
          by: caller.name,
        };
        await transaction(pool, async (client) => {
          if (!(await mergeContacts(client, merge)))
            throw new HoldfastError('resource.conflict', {
              detail: 'One of the two contacts is gone, or was joined into another one meanwhile.',
              hint: 'Look at both again.',
            });
          await auditOf(client, caller, {
            action: 'contact.merged',
            subject: loaded.id,
            detail: { merged: body.contact, merge: merge.id },
          });
        });
        return view(caller, loaded.id);
      },
    }),
    route(endpoints.unmergeContacts, {
      load,
      run: async ({ loaded, body, caller }) => {
        const parted = loaded.merges.find(({ id }) => id === body.merge)?.contact;
        await transaction(pool, async (client) => {
          const args = { workspaceId: caller.workspaceId, keptId: loaded.id, mergeId: body.merge, by: caller.name };
          if (parted === undefined || !(await unmergeContacts(client, args)))
            throw new HoldfastError('resource.conflict', {
              detail: 'These two contacts can’t be parted: that was done already, or this one was joined into another contact since.',
              hint: 'Part the later one first.',
            });
          await auditOf(client, caller, { action: 'contact.unmerged', subject: loaded.id, detail: { parted, merge: body.merge } });
        });
        return { kept: await view(caller, loaded.id), parted: parted ?? '' };
      },
    }),
  ];
}

async function viewContact(db: Queryable, workspaceId: string, id: string): Promise<Contact> {
  const contact = await loadContact(db, { workspaceId, id });
  if (!contact) throw missingResource();
  const conversations = await listConversationViews(db, {
    workspaceId,
    before: null,
    limit: shownConversations,
    channelId: null,
    contactId: id,
    search: null,
  });
  return { ...contact, conversations };
}

function identityOf({ identities }: ContactView, id: string) {
  const found = identities.find((one) => one.id === id);
  if (!found) throw missingResource();
  return found;
}

/** Checked and written as the channel keeps it: E.164, small letters. */
async function claimAddress(
  db: Queryable,
  given: { workspaceId: string; contactId: string; channelKind: string; address: string; path: string },
): Promise<void> {
  const address = addressIn(given);
  const owner = await addIdentity(db, { ...given, id: newId('identity'), address });
  if (owner === null) return;
  throw new HoldfastError('resource.conflict', {
    detail: say`${address} belongs to another contact already.`,
    hint: 'Join the two contacts if they are the same person.',
    path: given.path,
    extra: { contact: owner },
  });
}

function addressIn({ channelKind, address, path }: { channelKind: string; address: string; path: string }): string {
  try {
    return parseAddress(channelKind, address);
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    throw new HoldfastError('request.invalid', {
      detail: error.words.detail,
      ...(error.words.hint === undefined ? {} : { hint: error.words.hint }),
      path,
    });
  }
}
