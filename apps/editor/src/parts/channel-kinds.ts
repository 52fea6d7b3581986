import type { Channel } from '@holdfast/contracts';

const kinds = ['whatsapp', 'telegram', 'email', 'sms', 'simulator'] as const satisfies Channel['kind'][];

export const isChannelKind = (kind: string): kind is Channel['kind'] => kinds.some((known) => known === kind);
