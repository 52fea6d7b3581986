import { endWithParent } from '../end-with-parent.ts';
import { startErpFake, type ErpOptions } from './erp-fake.ts';

// node main.ts [options as JSON]: prints its address as one JSON line.
const options = JSON.parse(process.argv[2] ?? '{}') as ErpOptions; // forkErpFake writes them
const erp = await startErpFake(options);
process.stdout.write(`${JSON.stringify({ url: erp.url })}\n`);
endWithParent(erp.close);
