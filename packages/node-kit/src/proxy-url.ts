import { z } from 'zod';

/** A proxy as people write it, without a user name. */
export const proxyUrl = z
  .string()
  .max(300)
  .regex(
    /^(?:https?|socks5h?):\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?\/?$/i,
    'Write it as socks5://proxy.example.com:1080 or http://proxy.example.com:3128, without a user name',
  );

/** One way of writing it, so that two can be told apart: names are looked up by the proxy in any case, which `socks5h` says. */
export const plainProxyUrl = (url: string): string =>
  url
    .trim()
    .toLowerCase()
    .replace(/^socks5h:/, 'socks5:')
    .replace(/\/+$/, '');
