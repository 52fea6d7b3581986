import type { Page, Route } from './browser-types.ts';
import { albumChannels, albumTemplates } from './channels.ts';
import { albumHeld, albumKept, albumProviders } from './providers.ts';
import { albumServices } from './services.ts';

/** What the seed made and scenes point at. */
export interface Seeded {
  flow: string;
  run: string | null;
  handoff: string | null;
  conversation: string | null;
  contact: string | null;
  /** A flow whose first message shows what channels make of it. */
  messageFlow: string | null;
  /** A flow that writes to a contact first, then asks. */
  firstFlow: string | null;
  /** A conversation on WhatsApp, where one is connected. */
  whatsapp: string | null;
}

export interface Scene {
  name: string;
  path: (seeded: Seeded) => string | null;
  /** Brings the page into the state to be looked at. */
  arrange?: (page: Page) => Promise<void>;
  /** Answers in place of the server, for states that a healthy server doesn't show. */
  intercept?: (page: Page) => Promise<unknown>;
  isSignedOut?: boolean;
}

const at = (path: string) => () => path;
const answer =
  (body: unknown, status = 200) =>
  (route: Route) =>
    route.fulfill({ status, contentType: status < 400 ? 'application/json' : 'application/problem+json', body: JSON.stringify(body) });
const messageFlow = ({ messageFlow: flow }: Seeded) => flow && `/flows/${flow}`;
/** Chooses from the menu of the provider that is down. */
const menu = (name: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name: /(More for|Más para) crm\.example\.com/ }).click();
  await page.getByRole('menuitem', { name }).click();
};
const fullQueue = async (page: Page) => {
  await allProviders(page);
  await page.route('**/api/providers/*/held?*', answer(albumHeld()));
  await page.route('**/api/providers/*/kept?*', answer(albumKept()));
};
const allProviders = (page: Page) => page.route('**/api/providers', answer({ items: albumProviders() }));
const noItems = answer({ items: [], next: null });
const allServices = (page: Page) => page.route('**/api/services', answer({ items: albumServices() }));
const broken = answer(
  {
    code: 'database.unavailable',
    title: 'The database does not answer',
    detail: 'We waited 5 s for it.',
    hint: 'Try again in a moment; nothing that was accepted is lost.',
    requestId: 'req_01jd7k',
    status: 503,
  },
  503,
);
const cause = (key: string, title: string, code: string, count: number) => ({
  key,
  code,
  title,
  detail: 'shop.example.com said so.',
  hint: null,
  flows: [{ id: 'flow_1', name: 'Order status' }],
  step: { flow: 'flow_1', version: 'v', versionNumber: 4, node: 'lookup', name: 'Look up the order' },
  credential: null,
  count,
  firstAt: new Date(Date.now() - 7_200_000).toISOString(),
  lastAt: new Date(Date.now() - 600_000).toISOString(),
  example: 'run_0',
});
const counts = answer({
  byStatus: { attention: 17, running: 3, waiting: 208 },
  causes: [
    cause('a', 'The service did not answer in time', 'upstream.timeout', 14),
    cause('b', 'The service did not accept our sign-in', 'upstream.unauthorized', 3),
  ],
});
const stoppedRun = (id: string, name: string) => ({
  id,
  flow: { id: 'flow_1', name: 'Order status' },
  version: { id: 'v', number: 4 },
  status: 'attention',
  outcome: null,
  source: 'channel',
  contact: { id: 'contact_1', name },
  conversation: null,
  cause: {
    code: 'upstream.timeout',
    title: 'The service did not answer in time',
    detail: 'No answer after 20 s.',
    node: 'lookup',
    nodeName: 'Look up the order',
  },
  waitingFor: null,
  wakeAt: null,
  lane: 'temporal',
  startedAt: new Date(Date.now() - 3_600_000).toISOString(),
  endedAt: null,
  durationMs: null,
});
const stoppedRuns = answer({
  items: ['María Fernández', 'Tom Baker', 'Sam'].map((name, index) => stoppedRun(`run_${index}`, name)),
  next: null,
});
const click = (name: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForTimeout(350);
};

/** Opens the menu of the channel of a kind and chooses from it. */
const channelMenu = (kind: RegExp, item: RegExp) => async (page: Page) => {
  const card = page.getByRole('article').filter({ hasText: kind }).first();
  await card.getByRole('button', { name: /More for|Más para/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.waitForTimeout(500);
};
const connect = (kind: RegExp) => async (page: Page) => {
  await page
    .getByRole('button', { name: /Connect a channel|Conectar un canal/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: kind }).click();
  await page.waitForTimeout(400);
};
/** The channels of a shop, with everything a card can say; a young installation has none of it. */
const shopChannels = async (page: Page) => {
  await allProviders(page);
  await page.route('**/api/channels', answer({ items: albumChannels() }));
};

/** Opens the first message and brings its preview on a channel into sight. */
async function showPreview(page: Page, channel: string): Promise<void> {
  await page.getByText('Your order is ready').first().click();
  const label = channel === 'Email' ? /^(Email|Correo)$/ : new RegExp(`^${channel}$`);
  const choice = page.getByText(label).last();
  await choice.click();
  await choice.scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 2_000);
  await page.waitForTimeout(300);
}

/** Every page and the states worth looking at. */
export const scenes: readonly Scene[] = [
  { name: 'sign-in', path: at('/sign-in'), isSignedOut: true },
  { name: 'flows', path: at('/flows') },
  { name: 'flows-empty', path: at('/flows'), intercept: (page) => page.route('**/api/flows', noItems) },
  {
    name: 'flows-error',
    path: at('/flows'),
    intercept: (page) => page.route('**/api/flows', broken),
    arrange: (page) => page.waitForTimeout(2_500),
  },
  { name: 'flows-loading', path: at('/flows'), intercept: (page) => page.route('**/api/flows', () => undefined) },
  {
    name: 'flows-template',
    path: at('/flows'),
    arrange: async (page) => {
      await page
        .getByRole('button', { name: /New flow|Flujo nuevo/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: /template|plantilla/ }).click();
      await page.waitForTimeout(400);
    },
  },
  { name: 'flow', path: ({ flow }) => `/flows/${flow}` },
  {
    name: 'flow-settings',
    path: messageFlow,
    arrange: (page) => page.locator('.react-flow__pane').click({ position: { x: 30, y: 300 } }),
  },
  ...[['step-write-first', /Your order has left/] as const, ['step-ask', /When shall we bring it/] as const].map(([name, step]): Scene => ({
    name,
    path: ({ firstFlow }) => firstFlow && `/flows/${firstFlow}`,
    arrange: async (page) => {
      await page.locator('.react-flow__node', { hasText: step }).first().click();
      await page.waitForTimeout(500);
    },
  })),
  { name: 'runs', path: at('/runs') },
  { name: 'runs-nothing', path: at('/runs?search=zzzzzz') },
  { name: 'runs-empty', path: at('/runs'), intercept: (page) => page.route('**/api/runs?**', noItems) },
  {
    name: 'runs-attention',
    path: at('/runs?status=attention'),
    intercept: async (page) => {
      await page.route('**/api/runs/counts', counts);
      await page.route('**/api/runs?**', stoppedRuns);
    },
  },
  { name: 'run', path: ({ run }) => run && `/runs/${run}` },
  { name: 'inbox', path: at('/inbox') },
  { name: 'inbox-open', path: ({ handoff }) => handoff && `/inbox/${handoff}` },
  { name: 'inbox-empty', path: at('/inbox'), intercept: (page) => page.route('**/api/handoffs?**', noItems) },
  { name: 'conversations', path: at('/conversations') },
  { name: 'conversations-search', path: at('/conversations?search=order') },
  { name: 'conversations-nothing', path: at('/conversations?search=zzzzzz') },
  { name: 'conversations-export', path: at('/conversations'), arrange: click(/Export|Exportar/) },
  { name: 'conversation', path: ({ conversation }) => conversation && `/conversations/${conversation}` },
  { name: 'conversation-window', path: ({ whatsapp }) => whatsapp && `/conversations/${whatsapp}` },
  { name: 'contacts', path: at('/contacts') },
  { name: 'contacts-empty', path: at('/contacts'), intercept: (page) => page.route('**/api/contacts?**', noItems) },
  { name: 'contact', path: ({ contact }) => contact && `/contacts/${contact}` },
  {
    name: 'contact-merge',
    path: ({ contact }) => contact && `/contacts/${contact}`,
    arrange: click(/Join with another|Unir con otro/),
  },
  { name: 'contact-erase', path: ({ contact }) => contact && `/contacts/${contact}`, arrange: click(/Erase this|Borrar a esta/) },
  {
    name: 'contact-part',
    path: ({ contact }) => contact && `/contacts/${contact}`,
    arrange: click(/^(Part again|Volver a separar|Separar)/),
  },
  { name: 'contact-add', path: at('/contacts'), arrange: click(/Add a contact|Añadir un contacto/) },
  ...['WhatsApp', 'Telegram', 'Email', 'SMS', 'Web'].map((channel): Scene => ({
    name: `preview-${channel.toLowerCase()}`,
    path: messageFlow,
    arrange: (page) => showPreview(page, channel),
  })),
  { name: 'channels', path: at('/channels'), intercept: shopChannels },
  {
    name: 'channels-empty',
    path: at('/channels'),
    intercept: (page) => page.route('**/api/channels', answer({ items: albumChannels().slice(0, 1) })),
  },
  { name: 'channels-loading', path: at('/channels'), intercept: (page) => page.route('**/api/channels', () => undefined) },
  {
    name: 'channels-error',
    path: at('/channels'),
    intercept: (page) => page.route('**/api/channels', broken),
    arrange: (page) => page.waitForTimeout(2_500),
  },
  ...(['telegram', 'whatsapp', 'email', 'sms'] as const).map((kind): Scene => ({
    name: `channels-connect-${kind}`,
    path: at('/channels'),
    intercept: shopChannels,
    arrange: connect({ telegram: /Telegram/, whatsapp: /WhatsApp/, email: /Email|Correo/, sms: /SMS/ }[kind]),
  })),
  {
    name: 'channels-test',
    path: at('/channels'),
    intercept: shopChannels,
    arrange: channelMenu(/WhatsApp ·/, /test message|mensaje de prueba/),
  },
  {
    name: 'channels-keep',
    path: at('/channels'),
    intercept: shopChannels,
    arrange: channelMenu(/Telegram ·/, /Keep messages|Conservar mensajes/),
  },
  { name: 'channels-limits', path: at('/channels'), intercept: shopChannels, arrange: channelMenu(/WhatsApp ·/, /limits|Límites/) },
  {
    name: 'channels-templates',
    path: at('/channels'),
    intercept: async (page) => {
      await shopChannels(page);
      await page.route('**/api/message-templates', answer({ items: albumTemplates() }));
    },
    arrange: channelMenu(/WhatsApp ·/, /Templates|Plantillas/),
  },
  { name: 'connections', path: at('/connections') },
  { name: 'connections-empty', path: at('/connections'), intercept: (page) => page.route('**/api/credentials', noItems) },
  { name: 'connections-add', path: at('/connections'), arrange: click(/Add a connection|Añadir una conexión/) },
  { name: 'services', path: at('/connections?tab=services'), intercept: allServices },
  { name: 'services-empty', path: at('/connections?tab=services'), intercept: (page) => page.route('**/api/services', noItems) },
  { name: 'services-import', path: at('/connections?tab=services'), arrange: click(/Import a service|Importar un servicio/) },
  { name: 'providers', path: at('/providers'), intercept: allProviders },
  { name: 'providers-empty', path: at('/providers'), intercept: (page) => page.route('**/api/providers', noItems) },
  { name: 'providers-pause', path: at('/providers'), intercept: allProviders, arrange: click(/^(Pause|Poner en pausa)$/) },
  {
    name: 'providers-limit',
    path: at('/providers'),
    intercept: allProviders,
    arrange: menu(/How often it may be called|Con qué frecuencia se le puede llamar/),
  },
  {
    name: 'providers-drain',
    path: at('/providers'),
    intercept: allProviders,
    arrange: menu(/Finish what waits|Terminar lo que espera/),
  },
  { name: 'providers-queue', path: at('/providers'), intercept: fullQueue, arrange: menu(/^(What waits|Lo que espera)$/) },
  {
    name: 'providers-discard',
    path: at('/providers'),
    intercept: fullQueue,
    arrange: async (page) => {
      await menu(/^(What waits|Lo que espera)$/)(page);
      await click(/Discard \d+ calls|Descartar \d+ llamadas/)(page);
    },
  },
  { name: 'variables', path: at('/variables') },
  { name: 'answers', path: at('/answers') },
  { name: 'answers-empty', path: at('/answers'), intercept: (page) => page.route('**/api/answers', noItems) },
  { name: 'settings-workspace', path: at('/settings') },
  {
    name: 'settings-quiet',
    path: at('/settings'),
    arrange: async (page) => {
      await page.getByRole('switch', { name: /Keep quiet|Guardar silencio/ }).check();
      await page.waitForTimeout(300);
    },
  },
  { name: 'settings-people', path: at('/settings/people') },
  { name: 'settings-people-add', path: at('/settings/people'), arrange: click(/Add a person|Añadir a una persona/) },
  { name: 'settings-keys', path: at('/settings/keys') },
  { name: 'settings-alerts', path: at('/settings/alerts') },
  { name: 'settings-email', path: at('/settings/email') },
  { name: 'settings-backups', path: at('/settings/backups') },
  { name: 'settings-models', path: at('/settings/models') },
  { name: 'settings-mirror', path: at('/settings/mirror') },
  { name: 'settings-audit', path: at('/settings/audit') },
  { name: 'me', path: at('/me') },
  { name: 'missing', path: at('/no/such/page') },
  {
    name: 'palette',
    path: at('/flows'),
    arrange: async (page) => {
      await page.keyboard.press('Control+k');
      await page.waitForTimeout(400);
    },
  },
  { name: 'sends-confirm', path: at('/flows'), arrange: click(/Stop automated|Parar los mensajes/) },
  {
    name: 'sends-off',
    path: at('/runs'),
    intercept: (page) =>
      page.route(
        '**/api/settings',
        answer({
          name: 'Faro',
          sendsPausedAt: new Date(Date.now() - 240_000).toISOString(),
          sendsPausedBy: 'Ana Ruiz',
          prices: [],
          smtp: null,
          sending: {},
        }),
      ),
  },
  { name: 'offline', path: at('/flows'), intercept: (page) => page.route('**/api/health', (route) => route.abort()) },
];
