import { createRandom } from '../fakes/telegram/random.ts';

/** `busy`: 421 for the whole account · `put-off`: 451 for one receiver · `cut-before`: the mail's last line has not come · `cut-after`: taken, and the answer never arrives. */
export type MailTrouble = 'busy' | 'put-off' | 'cut-before' | 'cut-after';

/** A mail server on a bad day. Each mail is judged once, when its receiver is named. */
export interface MailTroubles {
  /** Which part of the mails goes wrong, from 0 to 1. */
  share: (share: number) => void;
  /** These, one each, befall the next mails, whatever the share. */
  next: (...troubles: MailTrouble[]) => void;
  readonly counts: Readonly<Record<MailTrouble | 'passed', number>>;
  /** For the server. */
  of: (recipient: string) => MailTrouble | null;
}

export const refusals = {
  busy: { code: 421, text: '4.3.2 Service not available, closing transmission channel' },
  'put-off': { code: 451, text: '4.7.1 Greylisted, please try again in 30 seconds' },
} as const;

const kinds = ['busy', 'put-off', 'cut-before', 'cut-after'] as const;

export function createMailTroubles(seed: number): MailTroubles {
  const random = createRandom(seed);
  const counts = { passed: 0, busy: 0, 'put-off': 0, 'cut-before': 0, 'cut-after': 0 };
  const ordered: MailTrouble[] = [];
  const known = new Set<string>();
  let part = 0;
  const drawn = (): MailTrouble | null => (random() >= part ? null : (kinds[Math.floor(random() * kinds.length)] ?? null));
  return {
    share: (share) => {
      part = share;
    },
    next: (...troubles) => void ordered.push(...troubles),
    counts,
    of: (recipient) => {
      const wanted = ordered.shift() ?? drawn();
      // Who came again is known, as greylisting wants it.
      const trouble = wanted === 'put-off' && known.has(recipient) ? null : wanted;
      if (trouble === 'put-off') known.add(recipient);
      counts[trouble ?? 'passed'] += 1;
      return trouble;
    },
  };
}
