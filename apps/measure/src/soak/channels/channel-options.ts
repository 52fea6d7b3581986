import type { Volume } from './plan.ts';
import type { Volumes } from './replies-part.ts';

export interface ChannelSoakOptions {
  seed: number;
  replies: { volumes: Volumes; overMs: number; lateMs: number };
  bursts: Volume;
  cutsPerChannel: number;
  /** Of each part. */
  deadlineMs: number;
}

/**
 * 2,000 messages, divided so that the slowest limits take about as long as the rest: SMS 3 a second for an account that may, mail 2 a second, one
 * WhatsApp message in 6 s to the same person beyond the first 20.
 */
const allVolumes: Volumes = {
  telegram: { customers: 70, messages: 10 },
  whatsapp: { customers: 40, messages: 17 },
  email: { customers: 40, messages: 8 },
  sms: { customers: 30, messages: 10 },
};
const quickVolumes: Volumes = {
  telegram: { customers: 8, messages: 4 },
  whatsapp: { customers: 7, messages: 4 },
  email: { customers: 5, messages: 2 },
  sms: { customers: 5, messages: 2 },
};

export const channelOptions = (seed: number, quick: boolean): ChannelSoakOptions => ({
  seed,
  replies: { volumes: quick ? quickVolumes : allVolumes, overMs: quick ? 2_000 : 90_000, lateMs: quick ? 1_500 : 15_000 },
  bursts: quick ? { customers: 3, messages: 3 } : { customers: 25, messages: 4 },
  cutsPerChannel: quick ? 6 : 50,
  deadlineMs: 600_000,
});
