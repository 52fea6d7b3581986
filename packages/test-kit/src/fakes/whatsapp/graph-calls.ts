import { createHash, createHmac } from 'node:crypto';
import { asText, type Parameters, type Upload } from '../telegram/parameters.ts';
import { invalidParameter, refusalOf, refuse, unknownObject, type Reply } from './graph-error.ts';
import type { FakeNumber } from './number.ts';
import type { World } from './world.ts';

export interface GraphCall {
  method: string;
  /** The object: a phone number's id, a business account's, a medium's. */
  id: string;
  edge: string;
  token: string;
  parameters: Parameters;
  uploads: Upload[];
}

const ofToken = (world: World, token: string): FakeNumber[] => [...world.numbers.values()].filter((one) => one.token === token);

/** Who calls, and whether with the proof of the right app. Null when they may. */
export function isAllowed(world: World, { token, parameters }: GraphCall): Reply | null {
  const [known] = ofToken(world, token);
  if (!known) return refuse(refusalOf(190, { message: 'Invalid OAuth access token - Cannot parse access token' }));
  if (known.isTokenExpired) return refuse(refusalOf(190, { subcode: 463, message: 'Error validating access token: Session has expired.' }));
  const proof = parameters['appsecret_proof'];
  if (proof === undefined || proof === createHmac('sha256', known.appSecret).update(token).digest('hex')) return null;
  return refuse({ status: 400, code: 100, message: 'Invalid appsecret_proof provided in the API argument' });
}

/** Everything but sending a message. */
export function carryOut(world: World, call: GraphCall): Reply {
  const numbers = ofToken(world, call.token);
  const number = numbers.find(({ phoneNumberId }) => phoneNumberId === call.id);
  if (number) return answerNumber(world, number, call);
  const account = numbers.filter(({ wabaId }) => wabaId === call.id);
  if (account[0]) return answerAccount(account, account[0], call);
  const media = numbers.find((one) => one.media.has(call.id));
  return media ? answerMedia(world, media, call) : unknownObject(call.id);
}

function answerNumber(world: World, number: FakeNumber, { method, edge, id, parameters, uploads }: GraphCall): Reply {
  if (method === 'POST' && edge === 'media') return upload(world, number, parameters, uploads);
  if (method !== 'GET' || edge !== '') return unknownObject(id);
  const all: Record<string, unknown> = {
    id: number.phoneNumberId,
    display_phone_number: number.displayPhoneNumber,
    verified_name: number.verifiedName,
    quality_rating: number.quality,
    throughput: { level: 'STANDARD' },
    whatsapp_business_manager_messaging_limit: number.tier,
  };
  const fields = asText(parameters['fields']).split(',').filter(Boolean);
  const unknown = fields.find((field) => !Object.hasOwn(all, field));
  if (unknown !== undefined) return refuse({ status: 400, code: 100, message: `(#100) Tried accessing nonexisting field (${unknown})` });
  return { result: Object.fromEntries([...fields, 'id'].map((field) => [field, all[field]])) };
}

function answerAccount(numbers: FakeNumber[], first: FakeNumber, { method, edge, id, parameters }: GraphCall): Reply {
  if (edge === 'phone_numbers' && method === 'GET')
    return { result: { data: numbers.map(({ phoneNumberId }) => ({ id: phoneNumberId })), paging: {} } };
  if (edge === 'subscribed_apps') {
    if (method === 'POST') for (const number of numbers) number.isSubscribed = true;
    return {
      result:
        method === 'POST'
          ? { success: true }
          : { data: first.isSubscribed ? [{ whatsapp_business_api_data: { id: '1', name: 'Fake app' } }] : [] },
    };
  }
  if (edge === 'message_templates' && method === 'GET') return pageOfTemplates(first, parameters);
  return unknownObject(id);
}

function pageOfTemplates({ templates }: FakeNumber, parameters: Parameters): Reply {
  const limit = Math.max(1, Number(asText(parameters['limit'])) || 25);
  const from = Number(asText(parameters['after'])) || 0;
  const end = from + limit;
  const hasMore = end < templates.length;
  return {
    result: {
      data: templates.slice(from, end),
      paging: { cursors: { before: String(from), after: String(end) }, ...(hasMore ? { next: `https://fake/?after=${end}` } : {}) },
    },
  };
}

const most: readonly (readonly [RegExp, number])[] = [
  [/^image\/(jpeg|png)$/, 5],
  [/^image\/webp$/, 0.5],
  [/^audio\/(aac|amr|mpeg|mp4|ogg)$/, 16],
  [/^video\/(mp4|3gpp)$/, 16],
  [/^[\w.+-]+\/[\w.+-]+$/, 100],
];

function upload(world: World, number: FakeNumber, parameters: Parameters, uploads: Upload[]): Reply {
  const [file] = uploads;
  const mimeType = asText(parameters['type']).split(';')[0] ?? '';
  if (parameters['messaging_product'] !== 'whatsapp' || !file) return invalidParameter('messaging_product, type and file are required.');
  const limit = most.find(([pattern]) => pattern.test(mimeType));
  if (!limit) return refuse(refusalOf(131053, { details: `Unsupported media type ${mimeType}` }));
  if (file.bytes.length > limit[1] * 1024 * 1024) return refuse(refusalOf(131053, { details: 'The file is too large.' }));
  const id = String(8_000_000_000 + (world.seq += 1));
  number.media.set(id, { id, mimeType, bytes: file.bytes, expiresAt: Date.now() + 30 * 86_400_000 });
  return { result: { id } };
}

function answerMedia(world: World, number: FakeNumber, { id, method }: GraphCall): Reply {
  const media = number.media.get(id);
  if (!media || method !== 'GET' || media.expiresAt < Date.now()) return unknownObject(id);
  return {
    result: {
      id,
      url: `${world.url()}/media/${id}`,
      mime_type: media.mimeType,
      sha256: createHash('sha256').update(media.bytes).digest('hex'),
      file_size: String(media.bytes.length),
      messaging_product: 'whatsapp',
    },
  };
}
