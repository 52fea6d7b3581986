import { newId } from '../id.ts';
import type { Queryable } from '../pool.ts';

interface Person {
  workspaceId: string;
  channelId: string;
  channelKind: string;
  /** Where this event came from. */
  address: string;
  /** What the provider calls the same person besides. */
  aliases: readonly string[];
}

/**
 * Where the conversation with this person is kept on a channel, under whichever of their addresses; and an address by which the contact is
 * known already. The event's own where nothing is known.
 */
export async function findSamePerson(db: Queryable, person: Person): Promise<{ conversationAt: string; contactAt: string }> {
  const { rows } = await db.query<{ conversationAt: string | null; contactAt: string | null }>({
    name: 'find-same-person',
    text: `with known as (
        select address, contact_id from identities where workspace_id = $1 and channel_kind = $2 and address = any($3)
      ), names as (
        select unnest($3::text[]) as address
        union select i.address from identities i where i.channel_kind = $2 and i.contact_id in (select contact_id from known)
      )
      select (select c.address from conversations c where c.channel_id = $4 and not c.is_group and c.address in (select address from names)
               order by c.address = $5 desc, c.last_message_at desc limit 1) as "conversationAt",
             (select address from known order by address = $5 desc limit 1) as "contactAt"`,
    values: [person.workspaceId, person.channelKind, [person.address, ...person.aliases], person.channelId, person.address],
  });
  return { conversationAt: rows[0]?.conversationAt ?? person.address, contactAt: rows[0]?.contactAt ?? person.address };
}

/**
 * All of a person's addresses lead to one contact from now on. One that led to another contact is taken over with its conversations: the
 * provider says that both are the same person, and what staff wrote on the other one stays there for them to merge.
 */
export async function joinAddresses(db: Queryable, given: Omit<Person, 'channelId'> & { contactId: string }): Promise<void> {
  const addresses = [given.address, ...given.aliases];
  await db.query(
    `with moved as (
        update conversations v set contact_id = $3 from channels h
         where h.id = v.channel_id and h.kind = $2 and v.workspace_id = $1 and v.address = any($4) and v.contact_id <> $3
      )
      insert into identities (id, workspace_id, contact_id, channel_kind, address)
      select id, $1, $3, $2, address from unnest($5::text[], $4::text[]) as given (id, address)
      on conflict (workspace_id, channel_kind, address) do update set contact_id = excluded.contact_id where identities.contact_id <> excluded.contact_id`,
    [given.workspaceId, given.channelKind, given.contactId, addresses, addresses.map(() => newId('identity'))],
  );
}
