import type { ChannelConnection } from '@holdfast/contracts';
import { wayBody, wayValuesOf, type WayValues } from '../../parts/way-values.ts';
import type { ServerAddress } from './mail-presets.ts';

/** The email form's fields. */
export interface MailboxValues extends Record<string, unknown> {
  provider: string;
  address: string;
  fromName: string;
  password: string;
  /** When it is not the address. */
  user: string;
  imap: ServerAddress;
  smtp: ServerAddress;
  smtpPassword: string;
  signIn: 'password' | 'oauth';
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  afterReading: 'seen' | 'keep' | 'move';
  moveTo: string;
  via: WayValues;
}

export const noMailbox: MailboxValues = {
  provider: '',
  address: '',
  fromName: '',
  password: '',
  user: '',
  imap: { host: '', port: 993, security: 'tls' },
  smtp: { host: '', port: 465, security: 'tls' },
  smtpPassword: '',
  signIn: 'password',
  tokenUrl: '',
  clientId: '',
  clientSecret: '',
  refreshToken: '',
  afterReading: 'seen',
  moveTo: '',
  via: wayValuesOf(null),
};

/** As the server takes it: what is empty is left out. */
export function emailBody(values: MailboxValues): Extract<ChannelConnection, { kind: 'email' }> {
  const { address, fromName, imap, smtp, afterReading, moveTo } = values;
  const way = wayBody(values.via);
  const user = values.user.trim() || address.trim();
  return {
    kind: 'email',
    address: address.trim(),
    ...(fromName.trim() === '' ? {} : { fromName: fromName.trim() }),
    imap: { ...imap, user },
    smtp: { ...smtp, user },
    ...(values.signIn === 'oauth' ? { oauth: tokenOf(values) } : { password: values.password }),
    ...(values.smtpPassword === '' ? {} : { smtpPassword: values.smtpPassword }),
    afterReading,
    ...(afterReading === 'move' && moveTo.trim() !== '' ? { moveTo: moveTo.trim() } : {}),
    ...(way?.kind === 'proxy' ? { via: way } : {}),
  };
}

const tokenOf = ({ tokenUrl, clientId, clientSecret, refreshToken }: MailboxValues) => ({
  tokenUrl: tokenUrl.trim(),
  clientId: clientId.trim(),
  refreshToken: refreshToken.trim(),
  ...(clientSecret.trim() === '' ? {} : { clientSecret: clientSecret.trim() }),
});
