import type { Agent } from '@holdfast/contracts';

/** Hosts that it may be asked for, and that no running agent's own list allows. */
export function hostsItRefuses({ allowedHosts, instances }: Pick<Agent, 'allowedHosts' | 'instances'>): string[] {
  const heard = instances.filter(({ isHeard }) => isHeard);
  if (heard.length === 0) return [];
  return allowedHosts.filter((host) => !heard.some((each) => each.allowedHosts.some((own) => own === host || covers(own, host))));
}

/** `*.corp.example:443` and a host below it, at the same port. */
const covers = (own: string, host: string): boolean => own.startsWith('*.') && host.endsWith(own.slice(1)) && host.length > own.length - 1;
