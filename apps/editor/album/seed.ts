import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.ts';
import type { Seeded } from './scenes.ts';

interface Listed {
  items: { id: string; name?: string; status?: string }[];
}

const longName = 'Delivery questions from the marketplace, in Spanish and English, with the returns desk as the last way out';

/** Gives every page something to show. Safe to run again: what exists is left alone. */
export async function seed(api: Api): Promise<Seeded> {
  const flows = await api.send<Listed>('GET', '/api/flows');
  const flow = flows.items.find(({ status }) => status === 'live')?.id ?? flows.items[0]?.id ?? '';
  if (flows.items.length < 3) {
    await api.send('POST', '/api/flows', { name: longName });
    await api.send('POST', '/api/flows', { name: 'Opening hours' });
  }
  await settle(api);
  await talk(api);
  const handoffs = await api.send<Listed>('GET', '/api/handoffs?status=active');
  const runs = await api.send<Listed>('GET', '/api/runs?limit=50');
  const conversations = await api.send<Listed>('GET', '/api/conversations');
  return {
    flow,
    run: runs.items[0]?.id ?? null,
    handoff: handoffs.items[0]?.id ?? null,
    conversation: conversations.items[0]?.id ?? null,
    contact: await joinedContact(api).catch(() => null),
    messageFlow: await flowWithMessage(api).catch(() => null),
    firstFlow: await flowThatWritesFirst(api).catch(() => null),
    whatsapp: await onWhatsApp(api).catch(() => null),
  };
}

const ignored = () => undefined;

async function settle(api: Api): Promise<void> {
  const tries = [
    ['/api/credentials', { name: 'CRM key', kind: 'bearer', allowedHosts: ['crm.example.com'], secret: { token: 'not-a-real-token' } }],
    [
      '/api/credentials',
      { name: 'Model server in the cellar', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', secret: {} },
    ],
    ['/api/variables', { name: 'opening_hours', value: 'Monday to Friday, 9:00 to 17:00' }],
    ['/api/variables', { name: 'delivery', value: { days: 3, free_from: 50, carriers: ['Correos', 'DHL', 'a neighbour with a van'] } }],
    [
      '/api/answers',
      {
        questions: ['When are you open?', 'Opening hours', 'Are you open on Saturday?'],
        answer: 'Monday to Friday, 9:00 to 17:00. On Saturday the shop is closed, but orders placed online go out on Monday morning.',
        language: 'en',
      },
    ],
    ['/api/answers', { questions: ['¿Cuándo abrís?', 'Horario'], answer: 'De lunes a viernes, de 9:00 a 17:00.', language: 'es' }],
    [
      '/api/members',
      {
        name: 'Bruno Díaz de la Vega y Montenegro',
        email: 'bruno.diaz.de.la.vega@a-rather-long-company-name.example',
        role: 'operator',
        password: 'a-first-password',
      },
    ],
    ['/api/keys', { name: 'Night report', role: 'viewer' }],
    ['/api/alert-routes', { kind: 'email', target: { to: 'team@example.com' }, events: ['handoff.opened', 'run.attention'] }],
  ] as const;
  for (const [path, body] of tries) {
    const there = await api.send<Listed>('GET', path).catch(() => null);
    const name = 'name' in body ? body.name : null;
    if (there && (name === null ? there.items.length === 0 : !there.items.some((item) => item.name === name)))
      await api.send('POST', path, body).catch(ignored);
  }
  await api
    .send('PATCH', '/api/settings', {
      prices: [{ provider: 'claude', model: 'claude-sonnet-4-5', inputUsd: 3, outputUsd: 15, since: '2026-01-01' }],
    })
    .catch(ignored);
}

const people = [
  ['María Fernández', ['Hola, ¿dónde está mi pedido 48213?', 'quiero hablar con una persona']],
  ['Tom Baker', ['Where is order 48213?', 'thanks']],
  ['李小龙', ['human']],
  [
    'Aleksandra Wiśniewska-Kowalczyk von Hohenstein',
    [
      'Hi, I ordered three weeks ago, the tracking page has said "label created" since then, nobody answers the phone and my daughter’s birthday is on Saturday. Can a human please look at this?',
      'human',
    ],
  ],
  ['Sam', ['hours']],
] as const;

/** Lets a few people write to the simulator, one sentence after the other. */
async function talk(api: Api): Promise<void> {
  const there = await api.send<Listed>('GET', '/api/conversations');
  if (there.items.length >= people.length) return;
  for (const [contact, lines] of people)
    for (const text of lines) {
      await api.send('POST', '/api/simulator/messages', { contact, text }).catch(ignored);
      await pause(2_500);
    }
}

/** A person with an address on every channel, notes, wishes, and a contact that was joined into them. */
async function joinedContact(api: Api): Promise<string> {
  const there = await api.send<Listed>('GET', '/api/contacts?search=Quintero');
  const known = there.items[0]?.id;
  if (known !== undefined) return known;
  const add = (name: string, ...identities: { channelKind: string; address: string }[]) =>
    api.send<{ id: string; identities: { id: string }[] }>('POST', '/api/contacts', { name, language: 'es', identities });
  const { id, identities } = await add(
    'Marta Álvarez Quintero',
    { channelKind: 'whatsapp', address: '+34600777888' },
    { channelKind: 'email', address: 'marta@example.com' },
  );
  const other = await add('marta.a', { channelKind: 'sms', address: '+34600777999' });
  await api.send('POST', `/api/contacts/${id}/merge`, { contact: other.id });
  await api.send('POST', `/api/contacts/${id}/notes`, {
    text: 'Prefers to be written to in the afternoon.\nHer order of May came broken.',
  });
  await api.send('PATCH', `/api/contacts/${id}`, { attributes: { size: 'M', city: 'Ourense', since: 2021 } });
  await api.send('POST', `/api/contacts/${id}/wishes`, { identity: identities[0]?.id, purpose: 'marketing', wish: 'stop' });
  return id;
}

/** A conversation whose time for free answers is known. */
async function onWhatsApp(api: Api): Promise<string | null> {
  const { items } = await api.send<{ items: { id: string; channel: { kind: string } }[] }>('GET', '/api/conversations');
  return items.find(({ channel }) => channel.kind === 'whatsapp')?.id ?? null;
}

type Step = [id: string, type: string, name: string, config: object];

/** A flow of steps in a row, kept as a draft. Answers its id. */
async function draftFlow(
  api: Api,
  name: string,
  steps: readonly Step[],
  edges: readonly [from: string, port: string, to: string][],
): Promise<string> {
  const there = await api.send<Listed>('GET', '/api/flows');
  const known = there.items.find((flow) => flow.name === name)?.id;
  if (known !== undefined) return known;
  const { id, revision } = await api.send<{ id: string; revision: number }>('POST', '/api/flows', { name });
  await api.send('PUT', `/api/flows/${id}/draft`, {
    revision,
    file: {
      format: 'holdfast.flow/1',
      name,
      nodes: steps.map(([node, type, title, config], nth) => ({
        id: node,
        type,
        typeVersion: 1,
        name: title,
        config,
        position: { x: nth * 320, y: 80 },
      })),
      edges: edges.map(([node, port, to], nth) => ({ id: `e${nth}`, from: { node, port }, to: { node: to } })),
    },
  });
  return id;
}

const choices = ['Yes, please', 'Tomorrow', 'On Saturday morning', 'No'].map((label, index) => ({ id: `choice-${index + 1}`, label }));

function flowWithMessage(api: Api): Promise<string> {
  const text =
    'Hello **{{ contact.name }}**, your order _A-117_ is ready. Your receipt says “{{ trigger.text }}”.\n\n- Open from **9:00 to 17:00**\n- [How to find us](https://shop.example/way)\n\nShall we bring it to you?';
  const steps: Step[] = [
    ['start', 'channel-trigger', 'Customer writes', {}],
    ['ready', 'send-message', 'Your order is ready', { text, textFormat: 'rich', buttons: choices }],
  ];
  return draftFlow(api, 'Order ready', steps, [['start', 'message', 'ready']]);
}

/** A shop's webhook writes first, then asks. */
async function flowThatWritesFirst(api: Api): Promise<string> {
  const { items } = await api.send<{ items: { id: string; kind: string }[] }>('GET', '/api/channels');
  const channel = items.find(({ kind }) => kind === 'whatsapp') ?? items.find(({ kind }) => kind !== 'simulator');
  const told = {
    channel: channel?.id ?? '',
    address: '{{ trigger.body.phone }}',
    name: '{{ trigger.body.name }}',
    text: 'Hello {{ trigger.body.name }}, order *{{ trigger.body.order }}* has left. It comes on **Friday**.',
    textFormat: 'rich',
    purpose: 'marketing',
  };
  const steps: Step[] = [
    ['start', 'webhook-trigger', 'The shop tells', {}],
    ['tell', 'message-contact', 'Your order has left', told],
    [
      'when',
      'ask',
      'When shall we bring it?',
      { question: 'When shall we bring it?', expects: 'choice', choices, reask: 'Which of these?' },
    ],
  ];
  return draftFlow(api, 'Order on its way', steps, [
    ['start', 'received', 'tell'],
    ['tell', 'sent', 'when'],
  ]);
}
