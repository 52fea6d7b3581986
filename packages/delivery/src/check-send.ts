import { capped } from './rules/capped.ts';
import { brokenChannel, channelStatus } from './rules/channel-status.ts';
import { consent } from './rules/consent.ts';
import { held } from './rules/held.ts';
import { optOut } from './rules/opt-out.ts';
import { providerPause } from './rules/provider-pause.ts';
import { quality } from './rules/quality.ts';
import { quietHours } from './rules/quiet-hours.ts';
import { reach } from './rules/reach.ts';
import { redSwitch } from './rules/red-switch.ts';
import type { Rule, SendContext, Verdict } from './rules/rule.ts';
import { template } from './rules/template.ts';
import { velocity } from './rules/velocity.ts';
import { window } from './rules/window.ts';

// What a person decided comes first, then what forbids it for good, then what puts it off: a message that may never go is not kept waiting.
const rules: readonly Rule[] = [
  redSwitch,
  held,
  providerPause,
  channelStatus,
  reach,
  optOut,
  consent,
  capped,
  template,
  window,
  brokenChannel,
  quality,
  velocity,
  quietHours,
];

/** Whether an automated message may go now. Asked before every one, and once more in the transaction that lets it out. Pure. */
export function checkSend(context: SendContext): Verdict | null {
  for (const rule of rules) {
    const verdict = rule(context);
    if (verdict) return verdict;
  }
  return null;
}
