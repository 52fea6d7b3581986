import type { JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import { onceEach } from './once-each.ts';

const hmac = z.object({
  proof: z.literal('hmac'),
  signatureHeader: z.string().toLowerCase(),
  algorithm: z.enum(['sha256', 'sha512', 'sha1']),
  encoding: z.enum(['hex', 'base64']),
  prefix: z.string(),
  signedText: z.string(),
  timestampHeader: z.string().toLowerCase().optional(),
  messageId: z.string().optional(),
});

const proof = z.discriminatedUnion('proof', [
  hmac,
  z.object({ proof: z.literal('none') }),
  z.object({ proof: z.literal('standard') }),
  z.object({ proof: z.literal('basic') }),
  z.object({ proof: z.literal('bearer') }),
  z.object({ proof: z.literal('header') }),
]);

/** How callers of a webhook prove who they are; a part of what nodes/webhook-trigger asks for. */
export type Proof = z.infer<typeof proof>;
export type HmacProof = z.infer<typeof hmac>;

/** Of a trigger's checked config. Throws where there is none: a call must never get in because nobody knows how to check it. */
export const readProof: (config: JsonObject) => Proof = onceEach((config) => proof.parse(config));
