import { testBrowser } from '@holdfast/test-kit';
import { startHttpService, startTelegramFake, type HttpService, type TelegramFake } from '@holdfast/test-kit/fakes';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerEmail, ownerPassword, Product } from '../product/product.ts';
import { invoiceFlow, parcelService } from './drawn.ts';
import { Staff } from './staff.ts';

let product: Product;
let browser: Browser;
let orders: HttpService;
let telegram: TelegramFake;

beforeAll(async () => {
  [orders, telegram] = await Promise.all([startHttpService(), startTelegramFake()]);
  orders.on('GET /orders', { body: { status: 'on its way' } });
  const reaches = [orders.url, telegram.url].map((url) => new URL(url).host).join(',');
  const environment = { HOLDFAST_EGRESS_ALLOW: reaches, HOLDFAST_TELEGRAM_API_URL: telegram.url };
  [product, browser] = await Promise.all([Product.start(environment), testBrowser()]);
}, 900_000);

afterAll(async () => {
  await browser?.close();
  await product?.remove();
  await Promise.all([orders?.close(), telegram?.close()]);
}, 120_000);

/** The owner, signed in, with what went wrong in the pages. */
async function comeIn() {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const crashes: string[] = [];
  page.on('pageerror', (error) => crashes.push(error.message));
  const staff = new Staff(page, product.url);
  await staff.signIn(ownerEmail, ownerPassword);
  return { context, page, staff, crashes };
}

test('staff draw a bot from an empty canvas, publish it, chat, take over and give back', async () => {
  const { context, page, staff, crashes } = await comeIn();
  await staff.newFlow('Where is my parcel?');
  await staff.chooseStart('Customer writes');
  await staff.addAfter('Customer writes', 'Message', 'what is it about');
  await staff.addAfter('What is it about?', 'Order', 'call an api');
  await staff.type('Address', `${orders.url}/orders`);
  await staff.addAfter('Call an API', 'Answered', 'send a message');
  await staff.type('Message', 'Your parcel is ');
  await staff.insertValue('status', 'shipped'); // found by the step's own example
  await staff.addAfter('What is it about?', 'Otherwise', 'hand to a person');
  await staff.addAfter('Hand to a person', 'Given back to the bot', 'send a message');
  await staff.type('Message', 'The bot is back.');
  await staff.publish();

  await staff.openSimulator();
  await staff.writeAsCustomer('What about my order?');
  await staff.hears(/Your parcel is/);
  await staff.writeAsCustomer('May I speak to somebody?');
  await staff.simulator.getByText('waiting for a person').waitFor();

  await staff.open('Inbox');
  await page.getByLabel('Who waits').getByText('Simulator').first().click();
  await page.getByRole('button', { name: 'Take it', exact: true }).click();
  await page.getByLabel(/^Your answer to/).fill('Ana here. How can I help?');
  await page.keyboard.press('Enter');
  await page.getByRole('log').or(page.getByLabel('Messages')).getByText('Ana here. How can I help?').first().waitFor();
  await page.getByRole('button', { name: 'Give back to the bot' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Give back to the bot' }).click();
  await page.getByText('The bot is back.').first().waitFor();

  await staff.open('Runs');
  await page.getByRole('article').filter({ hasText: 'Where is my parcel?' }).first().getByRole('link').click();
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  await page.getByText('The run is done.').waitFor();
  await page.getByRole('button', { name: 'Show the whole flow' }).click();
  for (const step of ['Customer writes', 'What is it about?', 'Hand to a person', 'Send a message 2'])
    await staff.card(step).locator('[data-state=done]').waitFor();
  expect(crashes).toEqual([]);
  await context.close();
}, 900_000);

test('what is typed into a code field stays as it was typed, and the keys of the canvas leave it alone', async () => {
  const { context, page, staff, crashes } = await comeIn();
  await staff.newFlow('Orders to the ERP');
  await staff.chooseStart('Webhook');
  await staff.addAfter('Webhook', 'Received', 'call an api');
  await staff.choose('Method', 'POST');
  await staff.choose('Body', 'JSON');
  await page.locator('.monaco-editor').click();
  await page.keyboard.type('{ "order": {{ trigger.body.order }} }');
  await page.keyboard.press('Backspace');
  const draft = async (): Promise<unknown> => {
    const { items } = await product.api.call<{ items: { id: string; name: string }[] }>('GET', '/api/flows');
    const id = items.find(({ name }) => name === 'Orders to the ERP')?.id;
    return product.api.call('GET', `/api/flows/${id}`);
  };
  await expect.poll(draft).toMatchObject({
    draft: { nodes: [{ type: 'webhook-trigger' }, { config: { body: '{ "order": {{ trigger.body.order }} ' } }] },
  });
  expect(crashes).toEqual([]);
  await context.close();
}, 900_000);

test('staff import a service, drag one of its operations into a flow, fill its form and talk to it', async () => {
  const { context, page, staff, crashes } = await comeIn();
  orders.on('GET /parcels/A-117', { body: { place: 'at the depot in Vigo' } });

  await staff.open('Connections');
  await page.getByRole('link', { name: 'Services', exact: true }).click();
  await page.getByRole('button', { name: 'Import a service' }).first().click();
  await page.getByText('Paste it', { exact: true }).click();
  await page.getByRole('textbox', { name: 'The document' }).fill(JSON.stringify(parcelService(orders.url)));
  await page.getByRole('button', { name: 'Import the service' }).click();
  const settings = page.getByRole('dialog', { name: 'Parcel tracking' });
  await settings.getByText('Where is a parcel', { exact: true }).waitFor();
  await settings.getByRole('button', { name: 'Save changes' }).click();
  await settings.waitFor({ state: 'detached' });

  await staff.open('Flows');
  await staff.newFlow('Parcels in Vigo');
  await staff.chooseStart('Customer writes');
  const palette = page.getByRole('navigation', { name: 'Steps to add' });
  await palette.getByRole('button', { name: /^Parcel tracking/ }).waitFor();
  await palette
    .getByRole('button', { name: /^Where is a parcel/ })
    .dragTo(page.getByTestId('rf__wrapper'), { targetPosition: { x: 320, y: 560 } });
  await staff.connect('Customer writes', 'Where is a parcel');
  await staff.card('Where is a parcel').click();
  await staff.type('code', 'A-117');
  await staff.addAfter('Where is a parcel', 'Answered', 'send a message');
  await staff.type('Message', 'Your parcel is ');
  await staff.insertValue('place', 'on its way');
  await staff.publish();
  await staff.openSimulator();
  await staff.writeAsCustomer('Where is it?');
  await staff.hears('Your parcel is at the depot in Vigo');
  expect(crashes).toEqual([]);
  await context.close();
}, 900_000);

test('an operator changes the value that stopped two runs, tries it with one, and lets the other one follow', async () => {
  orders.on('POST /invoices', ({ body }) => (body.includes('EURO') ? { status: 503 } : { status: 201, body: {} }));
  await product.api.publish(invoiceFlow(orders.url));
  const invoices = async (status: string) =>
    (await product.api.all<{ flow: { name: string } }>(`/api/runs?status=${status}`)).filter(({ flow }) => flow.name === 'Invoices').length;
  for (const number of ['F-1', 'F-2'])
    await fetch(`${product.url}/hooks/flows/invoices`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ number, currency: 'EURO' }),
    });
  await expect.poll(() => invoices('attention'), { timeout: 120_000 }).toBe(2);

  const { context, page, staff, crashes } = await comeIn();
  await staff.open('Runs');
  const cause = page.getByRole('article').filter({ hasText: '2 runs of “Invoices” stopped at “Book it”' });
  await cause.getByRole('button', { name: 'Repair' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Change a value, then try again').check();
  await drawer.getByRole('combobox', { name: 'Value', exact: true }).click();
  await page.getByRole('option', { name: 'trigger.body.currency = EURO' }).click();
  await drawer.getByLabel('New value').fill('EUR');
  await drawer.getByRole('button', { name: 'Show what would happen' }).click();
  await drawer.getByText('In 2 runs the value is replaced').waitFor();
  await drawer.getByRole('button', { name: 'Try with one first' }).click();
  await drawer.getByText('One was tried: look, then go on').waitFor();
  await expect.poll(() => invoices('attention')).toBe(1);
  await drawer.getByRole('button', { name: 'Do the other one' }).click();
  await drawer.getByText('2 of 2: 2 done').waitFor();
  await expect.poll(() => invoices('ended')).toBe(2);
  const taken = orders.received.filter(({ path, body }) => path === '/invoices' && body.includes('"EUR"')).map(({ body }) => body);
  expect(taken.toSorted()).toEqual(['{"number": "F-1", "currency": "EUR"}', '{"number": "F-2", "currency": "EUR"}']);
  expect(crashes).toEqual([]);
  await context.close();
}, 900_000);

test('an owner sets quiet hours and how fast a channel may send, and is told what does not fit', async () => {
  const { id } = await product.api.call<{ id: string }>('POST', '/api/channels', {
    kind: 'telegram',
    name: 'Faro',
    token: '7001:AAquiet-hours',
  });
  const { context, page, staff, crashes } = await comeIn();

  await staff.open('Settings');
  const quiet = page.locator('form').filter({ has: page.getByRole('switch', { name: 'Keep quiet at certain hours' }) });
  await quiet.getByRole('switch').check();
  await quiet.getByLabel('Until').fill('21:00');
  await quiet.getByRole('button', { name: 'Save' }).click();
  await quiet.getByText('nothing would ever go out').waitFor();
  await quiet.getByLabel('Until').fill('07:30');
  await quiet.getByText('Sun', { exact: true }).click();
  await quiet.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => product.api.call('GET', '/api/settings'), { timeout: 30_000 })
    .toMatchObject({ sending: { quietHours: { from: '21:00', to: '07:30', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] } } });

  await staff.open('Channels');
  const openLimits = async () => {
    await page.getByRole('article').filter({ hasText: 'Telegram ·' }).getByRole('button', { name: 'More for Faro' }).click();
    await page.getByRole('menuitem', { name: 'Sending limits' }).click();
  };
  await openLimits();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Messages a second').fill('0');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Choose more than 0').waitFor();
  await dialog.getByLabel('Messages a second').fill('5');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await openLimits();
  await expect.poll(() => dialog.getByLabel('Messages a second').inputValue(), { timeout: 30_000 }).toBe('5');
  const { items } = await product.api.call<{ items: { id: string; config: object }[] }>('GET', '/api/channels');
  expect(items.find((channel) => channel.id === id)?.config).toMatchObject({ limits: { perSecond: 5 } });
  expect(crashes).toEqual([]);
  await context.close();
}, 900_000);
