import { expect, test } from 'vitest';
import { forkErpFake } from './fork-erp-fake.ts';

const order = (id: string, sku: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><CreateOrder xmlns="urn:harbour-erp:orders:v1"><clientOrderId>${id}</clientOrderId><customer>K-2</customer><lines><line><sku>${sku}</sku><quantity>3</quantity></line></lines></CreateOrder></e:Body></e:Envelope>`;

test('an ERP in a process of its own takes orders, and tells how often each was asked for and made', async () => {
  const erp = await forkErpFake();
  const ask = async (id: string, sku = 'NEW') => {
    const headers = { 'content-type': 'text/xml', soapaction: '"urn:harbour-erp:orders:v1/CreateOrder"' };
    const answer = await fetch(`${erp.url}/soap11`, { method: 'POST', headers, body: order(id, sku) });
    return `${answer.status} ${await answer.text()}`;
  };
  try {
    await erp.addCustomer({ number: 'K-2', name: 'Faro' });
    await erp.setStock({ sku: 'NEW', available: 7, priceCents: 150 });
    expect(await ask('A')).toMatch(/^200 .*<orderNumber>ERP-1001<\/orderNumber><total>4.50</);
    await erp.fail('cut-after');
    await expect(ask('A')).rejects.toThrow(/fetch failed/);
    expect(await ask('B')).toMatch(/^500 .*OUT_OF_STOCK/);
    expect(await ask('B', 'GONE')).toMatch(/^500 .*UNKNOWN_SKU/);
    expect(await erp.tally()).toEqual({ A: { taken: 2, orders: ['ERP-1001', 'ERP-1002'] } });
    expect(await (await fetch(`${erp.url}/soap12?wsdl`)).text()).toContain(`location="${erp.url}/soap12"`);
  } finally {
    await erp.close();
  }
});
