import { ownServices } from '../product/own-services.ts';
import type { ChannelSoakOptions } from './channels/channel-options.ts';
import { channelSoak, type ChannelSoakReport } from './channels/channel-soak.ts';
import { expressSoak } from './express-soak.ts';
import { soakOptions } from './options.ts';
import { ordersSoak } from './orders/orders-soak.ts';
import { soak } from './soak.ts';

/** `pnpm soak`: JSON on standard output, progress on standard error; exit code 1 when a promise was broken. */
const options = soakOptions(process.argv.slice(2));
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const express = options.express && (await expressSoak(options.express, say));
const telegram = options.telegram && (await soak(options.telegram, say));
const orders = options.orders && (await ordersSoak(options.orders, say));
const channels = options.channels && (await onOwnServices(options.channels));
process.stdout.write(`${JSON.stringify({ express, telegram, orders, channels }, null, 2)}\n`);
process.exit([express, telegram, orders, channels].some((report) => report?.passed === false) ? 1 : 0);

async function onOwnServices(wanted: ChannelSoakOptions): Promise<ChannelSoakReport> {
  const services = await ownServices();
  try {
    return await channelSoak(services, wanted, say);
  } finally {
    await services.close();
  }
}
