import { soakOptions } from './options.ts';
import { soak } from './soak.ts';

/** `pnpm soak`: JSON on standard output, progress on standard error; exit code 1 when a promise was broken. */
const report = await soak(soakOptions(process.argv.slice(2)), (text) => void process.stderr.write(`${text}\n`));
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exit(report.passed ? 0 : 1);
