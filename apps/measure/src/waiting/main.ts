import { waitingOptions } from './options.ts';
import { waiting } from './waiting.ts';

/** `pnpm waiting`: JSON on standard output, progress on standard error; exit code 1 when somebody waited for longer than 5 s. */
const report = await waiting(waitingOptions(process.argv.slice(2)), (text) => void process.stderr.write(`${text}\n`));
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exit(report.passed ? 0 : 1);
