import type { Socket } from 'node:net';
import { openWay, startProxy, type Desk, type FakeProxy, type ProxyFault, type ProxyOptions } from './proxy-desk.ts';

/** An HTTP proxy that opens tunnels (CONNECT) and nothing else. */
export const startHttpProxy = (options: ProxyOptions = {}): Promise<FakeProxy> =>
  startProxy('http', options, (near, desk, fault) => {
    let head = '';
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      near.off('data', onData).pause();
      serve(near, desk, { head, fault });
    };
    near.on('data', onData);
  });

const answer = (status: string, headers = ''): string => `HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\nconnection: close\r\n\r\n`;

function serve(near: Socket, desk: Desk, { head, fault }: { head: string; fault: ProxyFault | null }): void {
  const target = /^CONNECT (\[[^\]]+\]|[^\s:]+):(\d+) HTTP\/1\.1\r\n/.exec(head);
  if (!target?.[1]) return void near.end(answer('405 Method Not Allowed'));
  const username = login(desk, head);
  if (username === undefined) {
    desk.turnAway();
    return void near.end(answer('407 Proxy Authentication Required', 'proxy-authenticate: Basic realm="proxy"\r\n'));
  }
  const host = target[1].replaceAll(/[[\]]/g, '');
  const port = Number(target[2]);
  desk.note({ host, port, username }, fault);
  if (fault === 'hang') return;
  if (fault === 'cut-opening') return void near.destroy();
  if (fault === 'refuse') return void near.end(answer('403 Forbidden'));
  if (fault === 'unreachable') return void near.end(answer('502 Bad Gateway'));
  openWay({
    near,
    names: desk.options.names ?? {},
    host,
    port,
    fault,
    say: (outcome) => {
      if (outcome === 'open') near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      else near.end(answer(outcome === 'unknown' ? '502 Bad Gateway' : '503 Service Unavailable'));
    },
  });
}

/** Null where nobody is asked; undefined for who may not come in. */
function login(desk: Desk, head: string): string | null | undefined {
  if (!desk.options.login) return null;
  const given = /\r\nproxy-authorization: Basic (\S+)\r\n/i.exec(head)?.[1] ?? '';
  const [username = '', ...rest] = Buffer.from(given, 'base64').toString().split(':');
  return desk.isKnown(username, rest.join(':')) ? username : undefined;
}
