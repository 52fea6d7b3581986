import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createDatabases } from './create-databases.ts';

const number = (value: number, bytes: 2 | 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
};
const message = (type: string, body: Buffer | string = '', length = body.length + 4): Buffer =>
  Buffer.concat([Buffer.from(type), number(length, 4), Buffer.from(body)]);

const letIn = [message('R', number(0, 4)), message('Z', 'I')];
const begun = [message('C', 'BEGIN\0'), message('Z', 'I')];
const column = Buffer.concat([Buffer.from('a\0'), Buffer.alloc(6), number(25, 4), number(-1, 2), number(-1, 4), number(0, 2)]);
const described = [message('1'), message('2'), message('T', Buffer.concat([number(1, 2), column]))];
const row = (text: Buffer): Buffer => message('D', Buffer.concat([number(1, 2), number(text.length, 4), text]));

/** Says these in turn, one list for each time that it hears something. */
async function ask(...says: Buffer[][]): Promise<unknown> {
  const server = createServer((socket) => {
    const left = [...says];
    socket.on('error', () => socket.destroy()).on('data', () => left.shift()?.forEach((each) => socket.write(each)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const never = () => Promise.reject(new Error('Nobody asks for this.'));
  const databases = createDatabases({ vet: async () => ['127.0.0.1'], dialThrough: never, queryByAgent: never });
  const port = String((server.address() as AddressInfo).port); // it listens on TCP
  try {
    return await databases.query({
      workspaceId: 'ws_1',
      credential: {
        kind: 'postgresql',
        name: 'Shop',
        settings: { host: 'db', port, user: 'u', tls: 'off' },
        secret: { password: 'tang-und' },
      },
      request: { operation: 'query', sql: 'select 1', values: [], mostRows: 10, timeoutMs: 60_000, isRepeatable: false },
    });
  } catch (error) {
    return error;
  } finally {
    await databases.close();
    server.close();
  }
}

test.each<[string, Buffer[][]]>([
  ['a message shorter than its parts', [[message('T')]]],
  ['one shorter than its own length', [[message('R', '', 0)]]],
  ['a sentence without an end, which the driver would look for for ever', [[message('E', 'Sx')]]],
  ['the same in parts', [[message('N', 'SNOTICE\0\0').subarray(0, 3), message('N', 'SNOTICE\0\0').subarray(3), message('N', 'S\0x')]]],
  ['a way to prove oneself that does not exist', [[message('R', number(99, 4))]]],
  ['a row before its columns', [letIn, begun, [row(Buffer.from('x'))]]],
  ['a copy that nobody asked for', [letIn, begun, [...described, message('G', '\0\0\0')]]],
])('a server that says %s ends its connection, not this process', async (_what, says) => {
  expect(await ask(...says)).toMatchObject({ code: 'upstream.broken', detail: expect.stringContaining('What db says') });
});

test('an answer that would fill our memory is not read to its end: one row, and many', async () => {
  const large = { code: 'upstream.too-large', detail: expect.stringContaining('Nothing was changed') };
  expect(await ask(letIn, begun, [...described, message('D', '', 900_000_000)])).toMatchObject(large);
  const many = Array.from({ length: 70 }, () => row(Buffer.alloc(1_000_000, 'x')));
  expect(await ask(letIn, begun, [...described, ...many])).toMatchObject(large);
});
