import { HoldfastError, say } from '@holdfast/errors';
import type { Attachment } from '@holdfast/node-kit';

export const nothingToSay = (): HoldfastError =>
  new HoldfastError('channel.content', {
    detail: 'The message has neither text nor an attachment.',
    hint: 'Write a text in the step.',
  });

export const withoutFile = ({ kind }: Attachment): HoldfastError =>
  new HoldfastError('channel.content', {
    detail: say`A ${kind} without a stored file can’t be sent.`,
    hint: 'Choose a file in the step.',
    path: 'attachments',
  });
