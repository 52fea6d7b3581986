import type { ServerResponse } from 'node:http';
import type { World } from './world.ts';

/** The second hop of a download: the bytes, for the right token only. */
export function sendMedia(world: World, id: string, token: string, response: ServerResponse): void {
  const number = [...world.numbers.values()].find((one) => one.media.has(id));
  const media = number?.media.get(id);
  if (!number || !media || number.token !== token) {
    response.writeHead(number?.token === token ? 404 : 401).end();
    return;
  }
  response.writeHead(200, { 'content-type': media.mimeType, 'content-length': media.bytes.length }).end(media.bytes);
}
