import { endWithParent } from '../end-with-parent.ts';
import { startTelegramFake } from './telegram-fake.ts';

// The fake as a process of its own, for the soak. Prints its address as one JSON line.
// node main.ts [port] [seed]
const [port, seed] = process.argv.slice(2).map(Number);
const fake = await startTelegramFake({ port: port ?? 0, seed: seed ?? 1 });
process.stdout.write(`${JSON.stringify({ url: fake.url, port: fake.port })}\n`);
endWithParent(fake.close);
