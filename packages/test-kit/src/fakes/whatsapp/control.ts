import type { IncomingMessage, ServerResponse } from 'node:http';
import { asRecord, asText, readBytes } from '../telegram/parameters.ts';
import type { Customer } from './events.ts';
import type { Fault } from './faults.ts';
import type { NumberGiven, StatusManner } from './number.ts';
import type { WhatsAppFake } from './whatsapp-fake.ts';

/**
 * The fake's own address for tests in other processes; JSON in and out, `?number=`: POST /_control/number given · POST /_control/say {customer, content} ·
 * POST /_control/push changes · POST /_control/report {id, status} · POST /_control/faults fault · POST /_control/mess {duplicate, shuffle} ·
 * POST /_control/manner manner · GET /_control/accepted · GET /_control/rates · POST /_control/settled · POST /_control/stop
 */
export async function control(fake: WhatsAppFake, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body: unknown = request.method === 'POST' ? JSON.parse((await readBytes(request)).toString() || '{}') : null;
  const result = await act(fake, url.pathname.slice('/_control/'.length), url.searchParams.get('number') ?? undefined, body);
  response
    .writeHead(result === undefined ? 404 : 200, { 'content-type': 'application/json' })
    .end(JSON.stringify(result ?? { error: 'unknown' }));
}

async function act(fake: WhatsAppFake, name: string, number: string | undefined, body: unknown): Promise<unknown> {
  const given = asRecord(body);
  switch (name) {
    case 'number':
      fake.addNumber(given as NumberGiven); // tests write it; a wrong field fails the test that wrote it
      return { ok: true };
    case 'say': {
      const { statuses } = await fake.say(given['customer'] as Customer, given['content'] as string, number); // tests write it
      return { statuses };
    }
    case 'push': {
      const { statuses } = await fake.push(
        body as { field: string; value: object }[], // tests write it
        number === undefined ? {} : { phoneNumberId: number },
      );
      return { statuses };
    }
    case 'report': {
      const { statuses } = await fake.report(asText(given['id']), given['status'] as 'sent'); // tests write it
      return { statuses };
    }
    case 'faults':
      fake.fail(given as unknown as Fault, number); // tests write it
      return { ok: true };
    case 'mess':
      fake.number(number).mess = { duplicate: given['duplicate'] === true, shuffle: given['shuffle'] === true };
      return { ok: true };
    case 'manner':
      fake.number(number).manner = { ...fake.number(number).manner, ...(given as Partial<StatusManner>) }; // tests write it
      return { ok: true };
    case 'accepted':
      return fake.accepted(number);
    case 'rates':
      return fake.rates(number);
    case 'settled':
      await fake.settled();
      return { ok: true };
    case 'stop':
      setImmediate(() => void fake.close());
      return { ok: true };
    default:
      return undefined;
  }
}
