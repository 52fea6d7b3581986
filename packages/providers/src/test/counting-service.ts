import { createServer } from 'node:http';
import { endWithParent } from '@holdfast/test-kit/fakes';

// A service that counts what it is asked per second, as one with a limit does: in a process of its own. node counting-service.ts [most per second]
const [most] = process.argv.slice(2).map(Number);
const times: number[] = [];
let refused = 0;

/** The most in any window of a second. */
function busiest(): number {
  let from = 0;
  let found = 0;
  for (const [index, at] of times.entries()) {
    while (at - (times[from] ?? at) >= 1_000) from += 1;
    found = Math.max(found, index - from + 1);
  }
  return found;
}

const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/_control/rates') {
    const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
    return response.end(JSON.stringify({ total: times.length, busiest: busiest(), spanMs, refused }));
  }
  const at = performance.now();
  if (most !== undefined && times.filter((time) => at - time < 1_000).length >= most) {
    refused += 1;
    response.writeHead(429, { 'retry-after': '1' });
    return response.end('{}');
  }
  times.push(at);
  return response.end('{"ok":true}');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
endWithParent(async () => {
  server.closeAllConnections();
  server.close();
});
