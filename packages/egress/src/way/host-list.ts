import { HoldfastError, say } from '@holdfast/errors';

/** Hosts as people write them: `erp.internal:8080`, `erp.internal` (any port), `*.corp.example:443`, `[fd00::1]:443`. */
export type HostList = readonly string[];

/** True when one entry names the address's host, and its port where the entry has one. */
export const acceptsHost = (hosts: HostList, url: URL): boolean =>
  hosts.some((entry) => {
    const { host, port } = split(entry.toLowerCase());
    if (port !== null && port !== portOf(url)) return false;
    if (host.startsWith('*.')) return url.hostname.endsWith(host.slice(1)) && url.hostname.length > host.length - 1;
    return host === url.hostname;
  });

/** The entries of a list that leaves no port open, apart from each other by commas or spaces. Throws request.invalid for anything else. */
export function parseHostList(text: string): string[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  for (const entry of entries)
    if (!/^(?:\*\.)?(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?):\d{1,5}$/i.test(entry) || Number(split(entry).port) > 65_535)
      throw new HoldfastError('request.invalid', {
        detail: say`"${entry.slice(0, 100)}" is no host with its port.`,
        hint: 'Write each as erp.internal:8080, or *.corp.example:443 for all names that end so.',
      });
  return entries.map((entry) => entry.toLowerCase());
}

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80');

function split(entry: string): { host: string; port: string | null } {
  const found = /^(.*?)(?::(\d{1,5}))?$/.exec(/^[^[]*:[^[]*:/.test(entry) ? `[${entry}]` : entry);
  return { host: found?.[1] ?? entry, port: found?.[2] ?? null };
}
