import type { Sample } from '@holdfast/node-kit';

const answer = (xml: string) => `<?xml version="1.0" encoding="UTF-8"?>${xml}`;

export const samples: readonly Sample[] = [
  {
    name: 'fetches a file',
    config: { operation: 'get', credential: 'cred_1', key: 'lists/{{ trigger.body.name }}.csv' },
    input: { trigger: { body: { name: 'prices' } } },
    world: [
      {
        request: 'GET https://shop-files.s3.test/lists/prices.csv',
        status: 200,
        body: 'sku,price',
        headers: { 'content-type': 'text/csv' },
      },
    ],
    expect: { port: 'done', output: { key: 'lists/prices.csv', file: { name: 'prices.csv', mimeType: 'text/csv', sizeBytes: 9 } } },
  },
  {
    name: 'leaves by another exit when the file is not there',
    config: { operation: 'get', credential: 'cred_1', key: 'lists/none.csv' },
    world: [
      { request: 'GET https://shop-files.s3.test/lists/none.csv', status: 404, body: answer('<Error><Code>NoSuchKey</Code></Error>') },
    ],
    expect: { port: 'missing', output: { key: 'lists/none.csv', file: null } },
  },
  {
    name: 'lists what begins with a name',
    config: { operation: 'list', credential: 'cred_1', prefix: 'invoices/' },
    world: [
      {
        request: 'GET https://shop-files.s3.test/',
        status: 200,
        headers: { 'content-type': 'application/xml' },
        body: answer(
          '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>invoices/A&amp;B.pdf</Key><LastModified>2026-11-23T10:00:00.000Z</LastModified><Size>12</Size></Contents></ListBucketResult>',
        ),
      },
    ],
    expect: {
      port: 'done',
      output: { files: [{ key: 'invoices/A&B.pdf', sizeBytes: 12, changedAt: '2026-11-23T10:00:00.000Z' }], hasMore: false },
    },
  },
];
