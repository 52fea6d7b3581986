import { endWithParent } from '../end-with-parent.ts';
import { startTallyService } from './tally-service.ts';

// node main.ts [seed] [slowMs]: prints its address as one JSON line.
const [seed, slowMs] = process.argv.slice(2).map(Number);
const service = await startTallyService({ seed: seed ?? 1, slowMs: slowMs ?? 0 });
process.stdout.write(`${JSON.stringify({ url: service.url })}\n`);
endWithParent(service.close);
