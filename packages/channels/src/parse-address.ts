import { HoldfastError, say } from '@holdfast/errors';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { isUserId } from './whatsapp/identity.ts';

const mail = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\]+$/;

/**
 * An address that somebody wrote, as the channel kind keeps it in identities and conversations: E.164, a mail address in small letters, a chat's number.
 * Throws send.address.
 */
export function parseAddress(kind: string, written: string): string {
  const text = written.normalize('NFKC').trim();
  switch (kind) {
    case 'whatsapp':
      return isUserId(text) ? text : parsePhone(text);
    case 'sms':
      return parsePhone(text);
    case 'email':
      return parseMail(text);
    case 'telegram':
      if (/^-?\d{1,20}$/.test(text)) return text;
      throw unfit(text, 'Write the number of a chat in which somebody has talked to the bot. Telegram takes no phone numbers and names.');
    default:
      if (text !== '' && text.length <= 200) return text;
      throw unfit(text, 'Write whom the message is for.');
  }
}

function parsePhone(text: string): string {
  const international = text.replace(/^00(?=[1-9])/, '+');
  const found = parsePhoneNumberFromString(international.startsWith('+') ? international : `+${international}`);
  // A number without its country would reach a stranger: 10 digits could be anybody's.
  const hasCountry = international.startsWith('+') || text.replaceAll(/\D/g, '').length > 10;
  if (found?.isPossible() && hasCountry) return found.number;
  throw unfit(text, 'Write the phone number with its country, for example +34 600 111 222.');
}

function parseMail(text: string): string {
  const bare = (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
  if (bare.length <= 254 && mail.test(bare)) return bare;
  throw unfit(text, 'Write an email address, for example ana@example.com.');
}

const unfit = (text: string, hint: string): HoldfastError =>
  new HoldfastError('send.address', {
    detail: text === '' ? 'There is no address: the value is empty.' : say`"${text.slice(0, 100)}" is no address of this channel.`,
    hint,
  });
