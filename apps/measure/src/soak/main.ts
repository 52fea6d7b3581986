import { expressSoak } from './express-soak.ts';
import { soakOptions } from './options.ts';
import { soak } from './soak.ts';

/** `pnpm soak`: JSON on standard output, progress on standard error; exit code 1 when a promise was broken. */
const options = soakOptions(process.argv.slice(2));
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const express = options.express && (await expressSoak(options.express, say));
const telegram = options.telegram && (await soak(options.telegram, say));
process.stdout.write(`${JSON.stringify({ express, telegram }, null, 2)}\n`);
process.exit(express?.passed === false || telegram?.passed === false ? 1 : 0);
