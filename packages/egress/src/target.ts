import { HoldfastError, say } from '@holdfast/errors';

/** An address to call, or a refusal before anything is dialled. The URL parser turns 0x7f.1, 2130706433 and full-width digits into what they mean. */
export function parseTarget(text: string, base?: string): URL {
  if (!URL.canParse(text, base)) {
    throw new HoldfastError('step.config', {
      detail: say`"${shorten(text)}" is not a web address.`,
      hint: 'Write the whole address, for example https://api.example.com/orders.',
    });
  }
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new HoldfastError('egress.blocked', {
      detail: say`${url.protocol} addresses are not called; only http and https are.`,
      hint: 'Use an address that starts with https://.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new HoldfastError('egress.blocked', {
      detail: say`The address of ${url.host} carries a user name or password.`,
      hint: 'Keep it in a connection of the kind "User name and password" and choose that in the step.',
    });
  }
  url.hash = '';
  return url;
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
