import { HoldfastError, say } from '@holdfast/errors';
import type { Attachment, OutgoingMessage } from '@holdfast/node-kit';
import { attachmentOf } from '../fields/message-files.ts';
import { templateOf } from '../fields/message-template.ts';
import { looksOf } from '../fields/text-format.ts';
import type { SendMessageConfig } from './config.ts';

/** The message that a step's settings make, templates filled in. Throws step.config for a place that is none. */
export const messageOf = (config: SendMessageConfig): OutgoingMessage => ({
  text: config.text,
  buttons: config.buttons,
  attachments: [...config.files.map(attachmentOf), ...config.places.map(placeOf)],
  ...looksOf(config),
  ...templateOf(config.template),
  ...(config.subject === '' ? {} : { subject: config.subject }),
});

const placeOf = ({ latitude, longitude, name, address }: SendMessageConfig['places'][number]): Attachment => ({
  kind: 'location',
  latitude: degrees('latitude', latitude, 90),
  longitude: degrees('longitude', longitude, 180),
  ...(name ? { name } : {}),
  ...(address ? { address } : {}),
});

function degrees(name: string, written: string, most: number): number {
  const value = written.trim() === '' ? Number.NaN : Number(written.trim().replace(',', '.'));
  if (Math.abs(value) <= most) return value;
  throw new HoldfastError('step.config', {
    detail: say`The ${name} of the place should be a number between -${most} and ${most}, but it is "${written.slice(0, 100)}".`,
    hint: 'Open the step and correct the place.',
    path: `places.0.${name}`,
  });
}
