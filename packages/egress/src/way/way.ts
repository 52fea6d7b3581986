import type { HostList } from './host-list.ts';

/** How calls with a credential leave the house, when not straight to their target. An administrator's setting. */
export type Way =
  | {
      kind: 'proxy';
      /** `http://`, `https://` or `socks5://` with host and port. */
      url: string;
      username?: string | null;
      password?: string | null;
    }
  | { kind: 'agent'; id: string; workspaceId: string };

/** What tells systems of one name apart that stand in two networks: `@proxy.example.com:1080`, `@agent_…`; nothing for those that are reached straight. */
export function nameOfWay(way: Way | null | undefined): string {
  if (!way) return '';
  return way.kind === 'agent' ? `@${way.id}` : `@${URL.parse(way.url)?.host ?? ''}`;
}

/** A way and what may be reached on it: nothing else uses it, and no redirect leaves it. */
export interface OpenWay {
  way: Way;
  hosts: HostList;
}
