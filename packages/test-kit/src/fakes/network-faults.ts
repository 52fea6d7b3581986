import type { ServerResponse } from 'node:http';

/** What may happen to any call on its way, whoever it is for. */
export type NetworkFault = 'gateway' | 'garbage' | 'cut-before' | 'hang';

/** Ends the call in its way; `hang` never does. */
export function playNetworkFault(response: ServerResponse, kind: NetworkFault): void {
  switch (kind) {
    case 'gateway':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>welcome to the hotel wifi');
      return;
    case 'cut-before':
      response.socket?.destroy();
      return;
    case 'hang':
  }
}
