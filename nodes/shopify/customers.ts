import { HoldfastError } from '@holdfast/errors';
import { z } from 'zod';
import type { Customer } from './shapes.ts';
import { checkUserErrors, searchFor, type ShopClient } from './shop-client.ts';

const fields = 'id firstName lastName note numberOfOrders defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber }';
const given = z.object({
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  note: z.string().nullable(),
  numberOfOrders: z.coerce.number(),
  defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable(),
  defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullable(),
});

const customerFrom = ({ id, firstName, lastName, note, ...rest }: z.infer<typeof given>): Customer => ({
  id,
  firstName,
  lastName,
  email: rest.defaultEmailAddress?.emailAddress ?? null,
  phone: rest.defaultPhoneNumber?.phoneNumber ?? null,
  orders: rest.numberOfOrders,
  note,
});

/** An e-mail address, or a phone number with its country code. */
const identifierOf = (text: string): { email: string } | { phone: string } =>
  text.includes('@') ? { email: text.trim().toLowerCase() } : { phone: text.replaceAll(/[\s().-]/g, '') };

export async function findCustomer(shop: ShopClient, wanted: string): Promise<Customer | null> {
  const identifier = identifierOf(wanted);
  const [field, value] = 'email' in identifier ? (['email', identifier.email] as const) : (['phone', identifier.phone] as const);
  const { customers } = await shop({
    query: `query Customers($query: String!) { customers(first: 10, query: $query) { nodes { ${fields} } } }`,
    variables: { query: searchFor(field, value) },
    shape: z.object({ customers: z.object({ nodes: z.array(given) }) }),
    isRepeatable: true,
  });
  return customers.nodes.map(customerFrom).find((customer) => customer[field]?.toLowerCase() === value) ?? null;
}

/** Changes the customer with this address or number, or adds one. What is empty stays as it is. */
export async function saveCustomer(
  shop: ShopClient,
  wanted: string,
  changes: { firstName: string; lastName: string; note: string },
): Promise<Customer> {
  const identifier = identifierOf(wanted);
  const input = Object.fromEntries(Object.entries({ ...identifier, ...changes }).filter(([, value]) => value !== ''));
  const { customerSet } = await shop({
    query: `mutation SaveCustomer($input: CustomerSetInput!, $identifier: CustomerSetIdentifiers) {
      customerSet(input: $input, identifier: $identifier) { customer { ${fields} } userErrors { field message } } }`,
    variables: { input, identifier },
    shape: z.object({ customerSet: z.object({ customer: given.nullable(), userErrors: z.array(z.object({ message: z.string() })) }) }),
    // The same words for the same customer: twice is once.
    isRepeatable: true,
  });
  checkUserErrors(customerSet.userErrors);
  if (!customerSet.customer) throw new HoldfastError('upstream.broken', { detail: 'Shopify said yes, but named no customer.' });
  return customerFrom(customerSet.customer);
}
