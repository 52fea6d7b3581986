import type { SplitProduct } from '../../product/split-product.ts';

/** One message of one customer; its name stands in its text and in whatever answers it. */
export interface Letter {
  name: string;
  customer: number;
}

/** One message that reached a customer, by the fake's own clock. */
export interface Heard {
  to: string;
  text: string;
  at: number;
}

/** The most that may reach a provider: in any second (or longer window), and to one person `burst` at once, then one in so many milliseconds. */
interface Pace {
  perSecond: number;
  windowMs: number;
  everyMs: number;
  burst: number;
}

/** A provider with its customers: brings what they write to the product, and is the witness of what came back. */
export interface Line {
  kind: 'telegram' | 'whatsapp' | 'email' | 'sms';
  /** The first letter of its messages' names. */
  mark: string;
  /** What this account may send; `settings` only where a real one may send more than the product's default. */
  pace: Pace;
  settings: { limits: { perSecond: number } } | null;
  environment: Record<string, string>;
  /** The provider itself delivers in the order in which it was told, one delivery after the other. */
  isOrdered: boolean;
  /** It gives out everything twice by itself; a copy that is brought would be another message. */
  doublesAll: boolean;
  /** Connects it as a channel; answers its id. */
  connect: (product: SplitProduct) => Promise<string>;
  addressOf: (customer: number) => string;
  /** Resolves when the product, or the mailbox that it reads, has taken them. */
  bring: (letters: readonly Letter[]) => Promise<void>;
  /** Everything that was taken, in order. */
  heard: () => Heard[];
  /** The next sends are taken, and then their connection is cut instead of answered. */
  cutNext: (times: number) => void;
  /** Whether statuses are told by themselves, from the last one to the first and each twice. */
  tellStatuses: (isTold: boolean) => void;
  /** Tells of every message since `cutNext` that it arrived; for a provider that tells such things. */
  tellArrival: (() => Promise<void>) | null;
  /** Until every webhook that is due was delivered. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
}

const nameAnywhere = /\b[twes]\d{3}-\d{3}\b/g;

export const nameOf = (mark: string, customer: number, index: number): string =>
  `${mark}${String(customer).padStart(3, '0')}-${String(index).padStart(3, '0')}`;
export const customerOf = (name: string): number => Number(name.slice(1, 4));

/** The messages that a text names, each once, in its order. */
export const namesIn = (text: string): string[] => [...new Set(text.match(nameAnywhere) ?? [])];
