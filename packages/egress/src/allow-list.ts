import { HoldfastError, say } from '@holdfast/errors';
import ipaddr from 'ipaddr.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** What HOLDFAST_EGRESS_ALLOW opens beyond public addresses. */
export interface AllowList {
  /** An exact `host:port` of the list: whatever it resolves to may be dialled. */
  allowsTarget: (host: string, port: number) => boolean;
  /** The address lies in a network of the list. */
  allowsAddress: (address: string) => boolean;
}

/** Reads `host:port`, `[v6]:port` and networks (`10.1.0.0/16`), separated by commas or spaces. Throws on anything else. */
export function parseAllowList(text: string): AllowList {
  const targets = new Set<string>();
  const networks: Network[] = [];
  for (const entry of text.split(/[\s,]+/).filter((part) => part !== '')) {
    if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry));
    else targets.add(parseTargetEntry(entry));
  }
  return {
    allowsTarget: (host, port) => targets.has(`${host.toLowerCase()}:${port}`),
    allowsAddress: (address) => {
      const parsed = ipaddr.process(address); // an IPv4-mapped address counts as its IPv4
      return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
    },
  };
}

function parseTargetEntry(entry: string): string {
  const found = /^(\[[0-9a-f:.]+\]|[^:/\s[\]]+):(\d{1,5})$/i.exec(entry);
  if (found?.[1] && found[2] && Number(found[2]) <= 65_535) return `${found[1].toLowerCase()}:${Number(found[2])}`;
  throw new HoldfastError('request.invalid', {
    detail: say`HOLDFAST_EGRESS_ALLOW holds "${entry}", which is neither host:port nor a network.`,
    hint: 'Write exact targets such as crm.internal:8080, or networks such as 10.1.0.0/16, separated by commas.',
  });
}
