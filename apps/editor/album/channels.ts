const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const quiet = { quality: null, peoplePerDay: null, automationPaused: null, openWindows: 0, costs: [], recent: { taken: 0, failed: 0 } };
const health = (inMinutes: number, outMinutes: number) => ({
  checkedAt: ago(1),
  lastInAt: ago(inMinutes),
  lastOutAt: ago(outMinutes),
  problem: null,
  queued: 0,
  facts: {},
  sending: quiet,
});
const channel = (kind: string, name: string, config: object, more: object = {}) => ({
  id: `chan_${kind}_${name}`,
  kind,
  name,
  status: 'active',
  config,
  health: health(2, 1),
  createdAt: ago(60 * 24 * 40),
  ...more,
});

/** Channels in every state that a card shows. */
export const albumChannels = () => [
  channel('simulator', 'Simulator', {}),
  channel(
    'whatsapp',
    'Faro Shop',
    { displayPhoneNumber: '+34 600 111 222' },
    {
      health: {
        ...health(2, 1),
        queued: 214,
        facts: { webhookAt: ago(2), hasAppSecret: true },
        sending: { ...quiet, quality: 'yellow', peoplePerDay: 2_000, openWindows: 37, costs: [{ currency: 'EUR', micro: 41_270_000 }] },
      },
    },
  ),
  channel('telegram', 'Faro', { username: 'faro_shop_bot', privacyMode: true }),
  channel(
    'email',
    'Orders and delivery questions of the whole marketplace',
    { address: 'orders-and-delivery-questions@a-rather-long-company-name.example' },
    {
      health: {
        ...health(43, 40),
        facts: {
          idle: true,
          records: [
            { record: 'spf', state: 'good', says: 'good', found: 'v=spf1 mx ~all' },
            { record: 'dkim', state: 'unknown', says: 'no-selector' },
            {
              record: 'dmarc',
              state: 'bad',
              says: 'missing',
              put: { name: '_dmarc.kelp.example', value: 'v=DMARC1; p=none; rua=mailto:postmaster@kelp.example' },
            },
          ],
        },
        sending: { ...quiet, recent: { taken: 1_204, failed: 31 } },
      },
    },
  ),
  channel(
    'sms',
    'Text messages',
    { from: '+15550001111' },
    { status: 'paused', health: { ...health(60 * 26, 60 * 26), facts: { isTrial: true } } },
  ),
  channel(
    'whatsapp',
    'Faro Outlet',
    { displayPhoneNumber: '+34 600 999 888' },
    {
      health: {
        ...health(9, 180),
        queued: 12,
        facts: { webhookAt: ago(9) },
        sending: {
          ...quiet,
          quality: 'red',
          peoplePerDay: 250,
          automationPaused: { reason: 'WhatsApp rates this number as poor.', at: ago(170) },
        },
      },
    },
  ),
  channel(
    'telegram',
    'Faro in the night',
    { username: 'faro_night_bot', privacyMode: false },
    {
      status: 'broken',
      health: {
        ...health(60 * 9, 60 * 9),
        problem: {
          code: 'channel.token',
          title: 'The channel’s token was not accepted',
          detail: 'Telegram does not accept the token of this bot (401 Unauthorized).',
          hint: 'Get a new one from BotFather with /token and enter it under New token.',
        },
      },
    },
  ),
];

interface AlbumTemplate {
  name: string;
  category: string;
  status: string;
  components: object[];
  reason?: string;
}

const template = ({ reason, ...given }: AlbumTemplate) => ({
  ...given,
  channelId: 'chan_whatsapp_Faro Shop',
  language: 'es',
  quality: 'green',
  reason: reason ?? null,
  isNamed: false,
  syncedAt: ago(50),
});
const body = (text: string, ...examples: string[]) => ({ type: 'BODY', text, example: { body_text: [examples] } });

/** Approved texts as the first WhatsApp channel has them. */
export const albumTemplates = () => [
  template({
    name: 'order_confirmed',
    category: 'utility',
    status: 'approved',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Pedido confirmado' },
      body('Hola {{1}}, tu pedido {{2}} está confirmado. Te avisamos cuando salga.', 'Marta', 'A-117'),
      { type: 'FOOTER', text: 'Faro, calle Mayor 3' },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: '¿Dónde está?' }] },
    ],
  }),
  template({
    name: 'summer_offers_for_customers_who_bought_in_spring_2026',
    category: 'marketing',
    status: 'rejected',
    reason: 'PROMOTIONAL',
    components: [body('¡Rebajas! Hasta un {{1}} % en toda la tienda.', '50')],
  }),
  template({ name: 'sign_in_code', category: 'authentication', status: 'pending', components: [body('{{1}} es tu código.', '123456')] }),
];
