import type { JsonObject, NodeDefinition } from '@holdfast/node-kit';
import { z } from 'zod';

const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** The end of a webhook's address: 50 bits that nobody guesses. */
export const freshWebhookPath = (): string =>
  `flow-${[...crypto.getRandomValues(new Uint8Array(10))].map((byte) => letters[byte % letters.length]).join('')}`;

/** What no two steps may share, so that nobody has to think it up. */
export const freshConfig = (definition: NodeDefinition): JsonObject =>
  Object.fromEntries(
    Object.entries(definition.config.shape)
      .filter(([, field]) => z.globalRegistry.get(field)?.widget === 'webhook-path')
      .map(([key]) => [key, freshWebhookPath()]),
  );
