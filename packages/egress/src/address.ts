import ipaddr from 'ipaddr.js';

const reasons: Record<string, string> = {
  unspecified: 'is the unspecified address',
  broadcast: 'is a broadcast address',
  multicast: 'is a multicast address',
  linkLocal: 'is a link-local address, where cloud machines keep their metadata',
  loopback: 'is this machine itself',
  carrierGradeNat: 'is a carrier’s internal address',
  private: 'is a private address',
  uniqueLocal: 'is a private address',
};

// Azure's metadata and DNS service answers on an address that looks public.
const cloudServices = new Set(['168.63.129.16']);
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Why a flow must not reach this address, or null for a public one. An IPv4 address inside an IPv6 one is judged as what it is. */
export function refusalOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return 'is not an address we can judge';
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return refusalOfV4(parsed);
  if (parsed.isIPv4MappedAddress()) return refusalOfV4(parsed.toIPv4Address());
  if (parsed.match(nat64)) return refusalOfV4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  const range = parsed.range();
  if (range === 'unicast' && parsed.match(globalUnicast)) return null;
  return reasons[range] ?? 'is a reserved address';
}

function refusalOfV4(address: ipaddr.IPv4): string | null {
  if (cloudServices.has(address.toString())) return 'is a cloud machine’s own service';
  const range = address.range();
  return range === 'unicast' ? null : (reasons[range] ?? 'is a reserved address');
}
