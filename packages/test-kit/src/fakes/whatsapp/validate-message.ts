import { asRecord, asText } from '../telegram/parameters.ts';
import { invalidParameter, refusalOf, refuse, type Reply } from './graph-error.ts';
import type { FakeNumber, FakeTemplate } from './number.ts';

type Body = Record<string, unknown>;
const list = (value: unknown): Body[] => (Array.isArray(value) ? value.map(asRecord) : []);

/** Meta's own checks of a message, with its codes. Null when it would be taken. */
export function refusalByContent(number: FakeNumber, body: Body): Reply | null {
  if (body['messaging_product'] !== 'whatsapp') return invalidParameter('messaging_product is a required parameter.');
  if (asText(body['to']) === '' && asText(body['recipient']) === '')
    return refuse(refusalOf(100, { details: 'The parameter to is required.' }));
  if (asText(body['biz_opaque_callback_data']).length > 512)
    return invalidParameter('biz_opaque_callback_data is longer than 512 characters.');
  const type = asText(body['type']) || 'text';
  const content = asRecord(body[type]);
  switch (type) {
    case 'text':
      return refusalOfText(content);
    case 'interactive':
      return refusalOfInteractive(content);
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
    case 'sticker':
      return refusalOfMedia(number, type, content);
    case 'location':
      return typeof content['latitude'] === 'number' && typeof content['longitude'] === 'number'
        ? null
        : invalidParameter('latitude and longitude are required.');
    case 'contacts':
      return list(body['contacts']).length > 0 ? null : invalidParameter('contacts is empty.');
    case 'template':
      return refusalOfTemplate(number, content);
    case 'reaction':
      return null;
    default:
      return refuse(refusalOf(131051, { details: `Message type ${type} is not supported.` }));
  }
}

function refusalOfText(content: Body): Reply | null {
  const text = asText(content['body']);
  if (text === '') return invalidParameter('text.body is required.');
  return text.length > 4_096 ? invalidParameter('text.body must be at most 4096 characters.') : null;
}

function refusalOfInteractive(content: Body): Reply | null {
  const body = asText(asRecord(content['body'])['text']);
  if (body === '' || body.length > 1_024) return invalidParameter('interactive.body.text must be 1 to 1024 characters.');
  const action = asRecord(content['action']);
  return content['type'] === 'list' ? refusalOfList(action) : refusalOfButtons(action);
}

function refusalOfButtons(action: Body): Reply | null {
  const replies = list(action['buttons']).map((one) => asRecord(one['reply']));
  if (replies.length < 1 || replies.length > 3) return invalidParameter('interactive.action.buttons must be 1 to 3.');
  const titles = replies.map((one) => asText(one['title']));
  if (titles.some((title) => title === '' || title.length > 20)) return invalidParameter('Button title must be 1 to 20 characters.');
  if (replies.some((one) => asText(one['id']) === '' || asText(one['id']).length > 256))
    return invalidParameter('Button id must be 1 to 256 characters.');
  return new Set(titles).size < titles.length ? invalidParameter('Button titles must be unique.') : null;
}

function refusalOfList(action: Body): Reply | null {
  const open = asText(action['button']);
  if (open === '' || open.length > 20) return invalidParameter('interactive.action.button must be 1 to 20 characters.');
  const rows = list(action['sections']).flatMap((section) => list(section['rows']));
  if (rows.length < 1 || rows.length > 10) return invalidParameter('A list has 1 to 10 rows.');
  if (rows.some((row) => asText(row['title']) === '' || asText(row['title']).length > 24))
    return invalidParameter('Row title must be 1 to 24 characters.');
  if (rows.some((row) => asText(row['description']).length > 72)) return invalidParameter('Row description must be at most 72 characters.');
  return new Set(rows.map((row) => asText(row['id']))).size < rows.length ? invalidParameter('Row ids must be unique.') : null;
}

function refusalOfMedia(number: FakeNumber, type: string, content: Body): Reply | null {
  const id = asText(content['id']);
  if (id === '' && asText(content['link']) === '') return invalidParameter(`${type}.id or ${type}.link is required.`);
  if (id !== '' && !number.media.has(id)) return refuse(refusalOf(131053, { details: `Media ID ${id} is invalid or expired.` }));
  return asText(content['caption']).length > 1_024 ? invalidParameter('caption must be at most 1024 characters.') : null;
}

function refusalOfTemplate(number: FakeNumber, content: Body): Reply | null {
  const name = asText(content['name']);
  const code = asText(asRecord(content['language'])['code']);
  const template = number.templates.find((one) => one.name === name && one.language === code);
  if (!template || template.status === 'PENDING' || template.status === 'REJECTED')
    return refuse(refusalOf(132001, { details: `template name (${name}) does not exist in ${code}` }));
  if (template.status === 'PAUSED') return refuse(refusalOf(132015, { details: `template (${name}) is paused` }));
  if (template.status === 'DISABLED') return refuse(refusalOf(132016, { details: `template (${name}) is disabled` }));
  return refusalOfParameters(template, list(content['components']));
}

function refusalOfParameters(template: FakeTemplate, given: Body[]): Reply | null {
  const body = template.components.find((one) => asText(one['type']).toUpperCase() === 'BODY');
  const wanted = [...new Set([...asText(body?.['text']).matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((found) => found[1] ?? ''))];
  const parameters = given.filter((one) => asText(one['type']).toLowerCase() === 'body').flatMap((one) => list(one['parameters']));
  if (parameters.length !== wanted.length)
    return refuse(
      refusalOf(132000, {
        details: `body: number of localizable_params (${parameters.length}) does not match the expected number of params (${wanted.length})`,
      }),
    );
  if (template.parameter_format === 'NAMED' && !wanted.every((name) => parameters.some((one) => one['parameter_name'] === name)))
    return refuse(refusalOf(132012, { details: 'body: a named parameter is missing' }));
  if (parameters.some((one) => asText(one['text']) === '')) return refuse(refusalOf(132012, { details: 'body: a parameter is empty' }));
  if (parameters.some((one) => /[\n\t]| {5,}/.test(asText(one['text']))))
    return refuse(refusalOf(132007, { details: 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces' }));
  return null;
}
