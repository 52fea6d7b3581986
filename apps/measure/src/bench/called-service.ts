import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** The service that the reference flow calls: answers GET with a status, POST with a confirmation, and counts POSTs by order. */
export async function startCalledService(): Promise<{ port: number; confirmations: ReadonlyMap<string, number> }> {
  const confirmations = new Map<string, number>();
  const answer = (head: string, body: string): string => {
    if (head.startsWith('GET')) return '{"status":"shipped"}';
    const { order } = JSON.parse(body) as { order: string }; // what our own reference flow sends
    confirmations.set(order, (confirmations.get(order) ?? 0) + 1);
    return JSON.stringify({ id: `c-${order}` });
  };
  const server = createServer((socket) => serve(socket, answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, confirmations };
}

/** Just enough HTTP/1.1 for one client that we know: its own cost is part of every figure. */
function serve(socket: Socket, answer: (head: string, body: string) => string): void {
  let received = '';
  socket.setNoDelay(true).setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    received += text;
    for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
      const head = received.slice(0, end);
      const until = end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < until) return;
      const body = answer(head, received.slice(end + 4, until));
      received = received.slice(until);
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    }
  });
}
