import { expect, test } from 'vitest';
import { chooseAccount } from './unprivileged.ts';

const passwd = [
  'root:x:0:0:root:/root:/bin/sh',
  'nobody:x:65534:65534::/:/bin/false',
  'postgres:x:70:70::/var/lib:/bin/sh',
  'ana:x:1000:1000::/home/ana:/bin/sh',
];

test('PostgreSQL runs as the owner of the data folder when that is an ordinary account', () => {
  expect(chooseAccount(passwd.join('\n'), 1000)).toEqual({ name: 'ana', uid: 1000, gid: 1000 });
});

test('in a folder of root it runs as postgres, else as nobody', () => {
  expect(chooseAccount(passwd.join('\n'), 0)?.name).toBe('postgres');
  expect(chooseAccount(passwd.filter((line) => !line.startsWith('postgres')).join('\n'), 0)?.name).toBe('nobody');
});

test('a machine with no such account gets none', () => {
  expect(chooseAccount('root:x:0:0:root:/root:/bin/sh\n', 0)).toBeNull();
});
