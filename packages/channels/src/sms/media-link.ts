import { createHmac, timingSafeEqual } from 'node:crypto';

/** Twilio fetches within minutes, and again when a network asks for it. */
const validMs = 24 * 3_600_000;

const proofOf = (authToken: string, fileId: string, until: number): string =>
  createHmac('sha256', authToken).update(`holdfast-media/${fileId}/${until}`).digest('hex');

/** Where Twilio can fetch one of our files, for a day: the channel's own webhook hands it out to whoever holds the link. */
export function mediaLink(webhookUrl: string, authToken: string, fileId: string): string {
  const until = Date.now() + validMs;
  return `${webhookUrl}?${new URLSearchParams({ media: fileId, until: String(until), proof: proofOf(authToken, fileId, until) }).toString()}`;
}

/** The file that a link was made for; null for a link that is not ours or is over. */
export function readMediaLink(query: URLSearchParams, authToken: string): string | null {
  const [fileId, until, proof] = [query.get('media') ?? '', Number(query.get('until')), query.get('proof') ?? ''];
  const expected = Buffer.from(proofOf(authToken, fileId, until));
  const given = Buffer.from(proof);
  const isOurs = authToken !== '' && given.length === expected.length && timingSafeEqual(given, expected);
  return isOurs && until > Date.now() ? fileId : null;
}

/** What a network shows; everything else is handed out as bytes that nothing runs. */
const shown = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'audio/mpeg',
  'audio/ogg',
  'audio/amr',
  'video/mp4',
  'video/3gpp',
  'application/pdf',
  'text/vcard',
]);
export const mediaType = (mimeType: string): string => (shown.has(mimeType) ? mimeType : 'application/octet-stream');
