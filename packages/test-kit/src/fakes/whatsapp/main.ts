import { startWhatsAppFake } from './whatsapp-fake.ts';

// The fake as a process of its own, for the soak: it must outlive what is killed around it. Prints its address as one JSON line.
// node main.ts [port] [seed]
const [port, seed] = process.argv.slice(2).map(Number);
const fake = await startWhatsAppFake({ port: port ?? 0, seed: seed ?? 1 });
process.stdout.write(`${JSON.stringify({ url: fake.url, port: fake.port })}\n`);
const end = (): void => void fake.close().then(() => process.exit(0));
// Forked by a soak that is killed, it must not stay behind.
process.once('disconnect', end);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
