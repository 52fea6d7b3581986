import { endpoints, type Message } from '@holdfast/contracts';
import type { Attachment, MessageButton } from '@holdfast/node-kit';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refresh, useAct, useRead } from '../client/index.ts';
import { addContact, loadContacts, saveContacts, withConversation, type Contacts } from './contacts-store.ts';

export interface Writing {
  text?: string;
  button?: MessageButton;
  attachments?: Attachment[];
}

/** One simulated conversation at a time: who is pretended, what was said, and what goes on behind it. */
export function useChat(flowId: string) {
  const client = useQueryClient();
  const [people, setPeople] = useState(() => loadContacts(localStorage, flowId));
  const change = (next: Contacts) => {
    setPeople(next);
    saveContacts(localStorage, flowId, next);
  };
  const chosen = people.contacts[people.current] ?? { name: 'Ana', conversation: null };
  // Another browser may have talked as this customer before: then that conversation goes on here.
  const earlier = useRead(
    endpoints.listConversations,
    { query: { search: chosen.name, limit: 20 } },
    { enabled: chosen.conversation === null, staleTime: 60_000 },
  );
  const found = earlier.data?.items.find((item) => item.channel.kind === 'simulator' && item.contact.name === chosen.name);
  const contact = { ...chosen, conversation: chosen.conversation ?? found?.id ?? null };
  const id = contact.conversation ?? '';
  const isKnown = contact.conversation !== null;
  // Live events refresh these; the interval only helps while the connection is lost.
  const messages = useRead(endpoints.listMessages, { params: { id }, query: { limit: 100 } }, { enabled: isKnown, refetchInterval: 8_000 });
  const conversation = useRead(endpoints.getConversation, { params: { id } }, { enabled: isKnown, refetchInterval: 8_000 });
  // The newest run of this conversation, also when it has ended: its way stays lit until the next one begins.
  const runs = useRead(endpoints.listRuns, { query: { conversation: id, limit: 1 } }, { enabled: isKnown, refetchInterval: 8_000 });
  const runId = isKnown ? (runs.data?.items[0]?.id ?? null) : null;
  const [pending, setPending] = useState<{ text: string; atMs: number } | null>(null);
  const simulate = useAct(endpoints.simulate, {
    refreshes: [endpoints.listMessages, endpoints.getConversation, endpoints.listRuns],
    onDone: ({ conversation: known }) => change(withConversation(people, known)),
  });
  const skip = useAct(endpoints.skipWait, { refreshes: [endpoints.getRun] });
  const reset = useAct(endpoints.resetSimulator, {
    refreshes: [endpoints.listMessages, endpoints.getConversation, endpoints.listRuns, endpoints.getRun, endpoints.getFaults],
  });
  const list: Message[] = [...(isKnown ? (messages.data?.items ?? []) : [])].reverse();
  const isPendingShown =
    pending !== null &&
    !list.some(
      (message) => message.author === 'customer' && message.text === pending.text && Date.parse(message.at) > pending.atMs - 5_000,
    );
  return {
    people,
    contact,
    messages: list,
    pending: isPendingShown ? pending.text : null,
    runId,
    conversation: isKnown ? (conversation.data ?? null) : null,
    choose: (index: number) => change({ ...people, current: index }),
    add: () => change(addContact(people)),
    write: ({ text, button, attachments }: Writing) => {
      setPending({ text: text ?? button?.label ?? '', atMs: Date.now() });
      simulate.mutate(
        {
          body: {
            contact: contact.name,
            flow: flowId,
            ...(text === undefined ? {} : { text }),
            ...(button ? { button } : {}),
            ...(attachments ? { attachments } : {}),
          },
        },
        { onSettled: () => setPending(null) },
      );
    },
    skipWait: () => void (isKnown && skip.mutate({ body: { conversation: id } })),
    reset: () => {
      if (!isKnown) return;
      reset.mutate({ body: { conversation: id } }, { onSuccess: () => refresh(client, [endpoints.listMessages]) });
    },
  };
}
export type Chat = ReturnType<typeof useChat>;
