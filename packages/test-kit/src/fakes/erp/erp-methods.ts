import { z } from 'zod';
import { ErpRefusal, takeOrder, type OrdersBook } from './orders-book.ts';

const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const many = <T extends z.ZodType>(one: T) => z.union([z.array(one), one.transform((only) => [only])]);
const line = z.object({ sku: z.string(), quantity: z.coerce.number().int().positive() });
const asked = z.object({ clientOrderId: z.string().min(1), customer: z.string(), lines: z.object({ line: many(line) }) });

/** The ERP's operations as the `soap` package calls them. */
export function erpMethods(book: OrdersBook, version: '1.1' | '1.2'): Record<string, (args: unknown) => object> {
  const orRefuse = <T extends object>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (error instanceof ErpRefusal) throw refusal(version, error);
      if (error instanceof z.ZodError)
        throw faultOf(version, {
          code: 'client',
          text: `The message does not fit: ${error.issues[0]?.path.join('.') ?? ''} ${error.issues[0]?.message ?? ''}`,
        });
      throw error;
    }
  };
  return {
    GetCustomer: (args) =>
      orRefuse(() => {
        const { number } = z.object({ number: z.string() }).parse(args);
        const customer = book.customers.get(number);
        if (!customer) throw new ErpRefusal('UNKNOWN_CUSTOMER', `Unknown customer ${number}`);
        return { customer: { number, ...customer } };
      }),
    GetStock: (args) =>
      orRefuse(() => {
        const { sku: skus } = z.object({ sku: many(z.string()) }).parse(args);
        return { stock: skus.flatMap((sku) => book.stock.get(sku) ?? []).map(({ available }, index) => ({ sku: skus[index], available })) };
      }),
    CreateOrder: (args) =>
      orRefuse(() => {
        const { clientOrderId, customer, lines } = asked.parse(args);
        const { order, wasThere } = takeOrder(book, { clientOrderId, customer, lines: lines.line });
        return { orderNumber: order.number, total: order.total, wasThere };
      }),
    FindOrder: (args) =>
      orRefuse(() => {
        const { clientOrderId } = z.object({ clientOrderId: z.string() }).parse(args);
        return { orderNumber: book.orders.filter((order) => order.clientOrderId === clientOrderId).map(({ number }) => number) };
      }),
  };
}

/** A customer it does not know it blames on itself, as many servers do with whatever their code throws. */
const refusal = (version: '1.1' | '1.2', { code, sku, message }: ErpRefusal): Error =>
  faultOf(version, {
    code: code === 'UNKNOWN_CUSTOMER' ? 'server' : 'client',
    text: message,
    detail: { 'tns:Refusal': { code, ...(sku === undefined ? {} : { sku }) } },
  });

interface FaultFacts {
  code: 'client' | 'server';
  /** Of WS-Security. */
  subcode?: string;
  text: string;
  detail?: object;
}

/** In each version's words. What the library throws is answered as a fault. */
export function faultOf(version: '1.1' | '1.2', { code, subcode, text, detail }: FaultFacts): Error {
  const fault =
    version === '1.1'
      ? {
          faultcode: subcode === undefined ? `soap:${code === 'client' ? 'Client' : 'Server'}` : `wsse:${subcode}`,
          faultstring: text,
          ...(detail ? { detail } : {}),
        }
      : {
          Code: {
            Value: `soap:${code === 'client' ? 'Sender' : 'Receiver'}`,
            ...(subcode === undefined ? {} : { Subcode: { Value: { attributes: { 'xmlns:wsse': wsse }, $value: `wsse:${subcode}` } } }),
          },
          Reason: { Text: { attributes: { 'xml:lang': 'en' }, $value: text } },
          ...(detail ? { Detail: detail } : {}),
        };
  return Object.assign(new Error(text), { Fault: { ...fault, statusCode: 500 } });
}
