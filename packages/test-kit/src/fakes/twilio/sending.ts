import { segmentsOf } from './segments.ts';
import { nextSid, type TextMessage, type TwilioFault, type World } from './world.ts';

export interface Reply {
  status: number;
  body: object;
  retryAfter?: number;
}

const texts: Readonly<Record<number, { status: number; message: string }>> = {
  20003: { status: 401, message: 'Authenticate' },
  20404: { status: 404, message: 'The requested resource was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  20503: { status: 503, message: 'Service unavailable' },
  21211: { status: 400, message: "The 'To' number is not a valid phone number" },
  21408: { status: 400, message: 'Permission to send an SMS has not been enabled for the region indicated by the "To" number' },
  21602: { status: 400, message: 'Message body is required' },
  21606: {
    status: 400,
    message: "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination",
  },
  21608: { status: 400, message: 'The number is unverified. Trial accounts cannot send messages to unverified numbers' },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21611: { status: 429, message: "This 'From' number has exceeded the maximum number of queued messages" },
  21614: { status: 400, message: "'To' number is not a valid mobile number" },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit' },
  30001: { status: 429, message: 'Queue overflow' },
  30002: { status: 403, message: 'Account suspended' },
  30034: { status: 400, message: 'US A2P 10DLC - Message from an Unregistered Number' },
};

/** Twilio's no, in its own words. */
export function refuse(code: number): Reply {
  const { status, message } = texts[code] ?? { status: 400, message: 'Refused' };
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

export function takeFault(world: World, to: string): TwilioFault | null {
  const found = world.faults.find((one) => (one.to === undefined || one.to === to) && (one.times ?? 1) > 0);
  if (!found) return null;
  found.times = (found.times ?? 1) - 1;
  if (found.times <= 0) world.faults = world.faults.filter((one) => one !== found);
  return found;
}

/** What Twilio checks before it takes a message. */
export function send(world: World, form: URLSearchParams): { reply: Reply; message?: TextMessage } {
  const [to, from, service] = [form.get('To') ?? '', form.get('From') ?? '', form.get('MessagingServiceSid') ?? ''];
  const body = form.get('Body') ?? '';
  const mediaUrls = form.getAll('MediaUrl');
  const code = refusalOf(world, { to, from, service, body, mediaUrls });
  if (code !== null) return { reply: refuse(code) };
  const segments = segmentsOf(body);
  const waiting = Math.max(0, world.busyUntil - Date.now()) / 1_000;
  if (waiting + segments > world.queueLimit) return { reply: refuse(service === '' ? 21611 : 30001) };
  world.busyUntil = Math.max(world.busyUntil, Date.now()) + segments * 1_000;
  const message: TextMessage = {
    sid: nextSid(world, mediaUrls.length > 0 ? 'MM' : 'SM'),
    to,
    from: from || world.number,
    body,
    mediaUrls,
    segments,
    statusCallback: form.get('StatusCallback'),
    at: Date.now(),
  };
  world.accepted.push(message);
  return { reply: { status: 201, body: describe(world, message, 'queued') }, message };
}

interface Wanted {
  to: string;
  from: string;
  service: string;
  body: string;
  mediaUrls: string[];
}

function refusalOf(world: World, { to, from, service, body, mediaUrls }: Wanted): number | null {
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return 21211;
  if (service === '' && from !== world.number) return 21606;
  if (body === '' && mediaUrls.length === 0) return 21602;
  if (body.length > 1_600) return 21617;
  return world.optedOut.has(to) ? 21610 : null;
}

/** A message as the REST API shows it; the price is known once it arrived. */
export const describe = (world: World, { sid, to, from, body, mediaUrls, segments, at }: TextMessage, status: string): object => ({
  sid,
  account_sid: world.accountSid,
  to,
  from,
  body,
  status,
  direction: 'outbound-api',
  num_segments: String(segments),
  num_media: String(mediaUrls.length),
  price: status === 'queued' ? null : (-0.0079 * segments).toFixed(5),
  price_unit: 'USD',
  error_code: null,
  date_created: new Date(Math.floor(at / 1_000) * 1_000).toUTCString(),
});
