import { createServer } from 'node:http';
import { z } from 'zod';
import { endWithParent } from '../end-with-parent.ts';
import { readText } from '../http-service.ts';
import { closed, listen } from '../listen.ts';
import { startHttpProxy } from './http-proxy.ts';
import type { ProxyFault, ProxyOptions } from './proxy-desk.ts';
import { startSocks5Proxy } from './socks5-proxy.ts';

// node main.ts socks5|http <options as JSON>: prints where it is told things as one JSON line.
const [kind, text] = process.argv.slice(2);
const options = JSON.parse(text ?? '{}') as ProxyOptions; // our own parent's words
const proxy = await (kind === 'http' ? startHttpProxy(options) : startSocks5Proxy(options));
const faults = z.object({
  fault: z.enum(['down', 'hang', 'refuse', 'unreachable', 'cut-opening', 'cut-before', 'cut-after'] satisfies ProxyFault[]).nullable(),
});
const control = createServer((request, response) => {
  void readText(request).then((body) => {
    if (request.url === '/_control/misbehave') proxy.misbehave(faults.parse(JSON.parse(body)).fault);
    response.end(JSON.stringify({ url: proxy.url, asked: proxy.asked, turnedAway: proxy.turnedAway }));
  });
});
const port = await listen(control);
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
endWithParent(async () => {
  control.closeAllConnections();
  await Promise.all([closed(control), proxy.close()]);
});
