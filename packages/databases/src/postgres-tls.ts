import { isIP } from 'node:net';
import type { DatabaseAccess } from './access.ts';

/** How a server proves itself: by the name that people gave, though a vetted address is dialled. */
export const tlsOf = ({ host, tls, certificates }: Pick<DatabaseAccess, 'host' | 'tls' | 'certificates'>) => ({
  rejectUnauthorized: tls === 'verify-full',
  ...(isIP(host) === 0 ? { servername: host } : { host }),
  ...(certificates === null ? {} : { ca: certificates }),
});
