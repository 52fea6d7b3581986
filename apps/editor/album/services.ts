import type { Service } from '@holdfast/contracts';

const shop: Service = {
  id: 'svc_shop',
  kind: 'openapi',
  name: 'Kelp orders',
  version: '2.3',
  sourceUrl: 'https://api.kelp.example/openapi.json',
  serverUrl: 'https://api.kelp.example/v2',
  credential: null,
  servers: [{ url: 'https://api.kelp.example/v2', title: 'Production' }],
  security: [{ name: 'key', title: '', kinds: ['bearer'] }],
  notes: [
    '"https://elsewhere.example/x.yaml" at paths./orders.delete.parameters.0 leads out of the document, and nothing is fetched from there.',
  ],
  operations: [
    'List orders',
    'Create an order',
    'Read an order',
    'Cancel an order',
    'List customers',
    'Read a customer',
    'Read the stock of an item',
    'Change the stock of an item',
    'List invoices',
  ].map((title, index) => ({
    id: `op_${index}`,
    title,
    summary: index % 2 === 0 ? 'Takes filters and comes in pages.' : '',
    group: index < 4 ? 'Orders' : 'Other',
  })),
  usedBy: [{ flow: 'flow_1', name: 'Where is my order?' }],
  createdAt: '2026-01-31T09:00:00.000Z',
  createdBy: 'Ana',
  updatedAt: '2026-01-31T09:00:00.000Z',
};

/** One that is used, and one with the longest of everything. */
export const albumServices = (): Service[] => [
  shop,
  {
    ...shop,
    id: 'svc_erp',
    kind: 'wsdl',
    name: 'Warehouse and accounting of the company, as its supplier calls it',
    version: '',
    serverUrl: null,
    notes: [],
    usedBy: [],
  },
];
