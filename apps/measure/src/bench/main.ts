import { availableParallelism } from 'node:os';
import { Product } from '../product/product.ts';
import { startGenerator } from './generator.ts';
import { measureAcks } from './measure-acks.ts';
import { measureRuns } from './measure-runs.ts';
import { measureTurns } from './measure-turns.ts';
import { readStack } from './read-stack.ts';

/** `pnpm bench`: the reference flow in both lanes on the embedded stack, as JSON on standard output. Progress goes to standard error. */
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const generator = await startGenerator(say);
say('Starting Holdfast in a folder of its own …');
const product = await Product.start({ HOLDFAST_EGRESS_ALLOW: generator.target });
try {
  const express = await measureRuns(product, generator, { lane: 'express', first: 0, say });
  say('Webhooks at 200 a second …');
  const webhookAcks = await measureAcks(product, generator, 100_000);
  const expressTurns = await measureTurns(product, generator, { lane: 'express', say });
  const temporal = await measureRuns(product, generator, { lane: 'temporal', first: 200_000, say });
  const temporalTurns = await measureTurns(product, generator, { lane: 'temporal', say });
  const { postgresql, ...workflow } = await readStack(product, 'bench-temporal');
  say('Starting a second time, for the start-up time …');
  await product.stop();
  await product.launch();
  const report = {
    flow: 'webhook → set → condition → GET → set → POST → answer',
    machine: { cores: availableParallelism(), node: process.version },
    postgresql,
    express: { ...express, conversations: expressTurns },
    temporal: { ...temporal, ...workflow, conversations: temporalTurns },
    webhookAcks,
    secondStartMs: product.startUpMs,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  generator.close();
  await product.remove();
}
