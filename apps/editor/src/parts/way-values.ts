import type { Credential, WayInput } from '@holdfast/contracts';

/** The way of a connection as its form has it. */
export interface WayValues {
  kind: 'straight' | 'proxy' | 'agent';
  url: string;
  username: string;
  password: string;
  agent: string;
}

export const wayValuesOf = (via: Credential['via']): WayValues => ({
  kind: via?.kind ?? 'straight',
  url: via?.kind === 'proxy' ? via.url : '',
  username: via?.kind === 'proxy' ? (via.username ?? '') : '',
  password: '',
  agent: via?.kind === 'agent' ? via.agent : '',
});

/** As the API wants it; a password that was not entered is left out, which keeps the stored one. */
export function wayBody({ kind, url, username, password, agent }: WayValues): WayInput | null {
  if (kind === 'straight') return null;
  if (kind === 'agent') return { kind, agent };
  const filled = { username: username.trim(), password };
  return {
    kind,
    url: url.trim(),
    ...(filled.username === '' ? {} : { username: filled.username }),
    ...(filled.password === '' ? {} : { password: filled.password }),
  };
}

/** Whether it leads elsewhere than before: then the connection's secret must be entered again. */
export function isOtherWay(via: Credential['via'], values: WayValues): boolean {
  const { kind, url, username, agent } = values;
  if (via === null || kind === 'straight') return (via === null) !== (kind === 'straight');
  if (via.kind !== kind) return true;
  return via.kind === 'agent'
    ? via.agent !== agent
    : via.url !== url.trim().replace(/\/+$/, '') || (via.username ?? '') !== username.trim();
}
