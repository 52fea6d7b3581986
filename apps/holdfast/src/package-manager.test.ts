import { expect, test } from 'vitest';
import { packageManagersOf } from './package-manager.ts';

const chain = (...commands: string[]) => commands.map((command, index) => ({ pid: 100 - index, startedAt: '1', command }));
const commands = (...given: string[]): string[] => packageManagersOf(chain(...given)).map(({ command }) => command);

test('everything up to npx belongs to the start, the shell that called npx does not', () => {
  const inner = ['sh -c node apps/holdfast/src/main.ts start', 'pnpm start', "sh -c 'pnpm' start", 'npm exec pnpm@12 start'];
  expect(commands(...inner, 'bash -c cd holdfast && npx -y pnpm@12 start', 'sshd')).toEqual(inner);
});

test('a package manager that Node runs is known by its script', () => {
  expect(commands('sh -c node x', '/usr/bin/node /usr/lib/node_modules/pnpm/bin/pnpm.cjs start', '-bash')).toHaveLength(2);
});

test('started without one, nothing is watched', () => {
  expect(commands('-bash', 'sshd: ana@pts/0')).toEqual([]);
});
