export interface DemoOrder {
  id: string;
  status: 'packed' | 'shipped' | 'delivered' | 'delayed' | 'cancelled';
  items: { name: string; quantity: number }[];
  carrier: string | null;
  /** Days from today; negative when it is over. */
  arrivesInDays: number | null;
  /** How many answers of 503 come before the first good one, each time it is asked for. */
  stumbles: number;
}

/** The shop of the sample bot. A-1003 fails twice before it answers, so that a retry can be watched. */
export const demoOrders: readonly DemoOrder[] = [
  { id: 'A-1001', status: 'shipped', items: [{ name: 'Kelp soap', quantity: 2 }], carrier: 'Tide Post', arrivesInDays: 2, stumbles: 0 },
  {
    id: 'A-1002',
    status: 'packed',
    items: [
      { name: 'Dulse crackers', quantity: 6 },
      { name: 'Sea salt', quantity: 1 },
    ],
    carrier: null,
    arrivesInDays: 4,
    stumbles: 0,
  },
  { id: 'A-1003', status: 'delivered', items: [{ name: 'Rope, 20 m', quantity: 1 }], carrier: 'Tide Post', arrivesInDays: -1, stumbles: 2 },
  { id: 'A-1004', status: 'delayed', items: [{ name: 'Storm lamp', quantity: 1 }], carrier: 'North Line', arrivesInDays: 6, stumbles: 0 },
  { id: 'A-1005', status: 'cancelled', items: [{ name: 'Raincoat, L', quantity: 1 }], carrier: null, arrivesInDays: null, stumbles: 0 },
];
