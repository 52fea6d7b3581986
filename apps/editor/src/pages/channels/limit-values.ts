import type { Channel } from '@holdfast/contracts';
import { defaultLimits, limitsOf, type SendLimits } from '@holdfast/node-kit';
import { z } from 'zod';

/** The limits that people set here; the others of `config.limits` stay as they are. */
export const limitNames = ['perSecond', 'perDay', 'chatBurst', 'chatEverySeconds', 'velocityPerMinute', 'velocityPerHour'] as const;
export type LimitName = (typeof limitNames)[number];

/** Which of them may be taken away. */
const endless = ['perDay', 'velocityPerMinute', 'velocityPerHour'] as const satisfies LimitName[];
export const mayBeEndless = (name: LimitName): boolean => endless.some((one) => one === name);

/** Whether a value lets more through than is usual: what a provider may answer with a block. */
export function isMoreThanUsual(name: LimitName, value: number | string | null, usual: number | string | null): boolean {
  if (typeof usual !== 'number' || value === '') return false;
  if (value === null) return true;
  return name === 'chatEverySeconds' ? Number(value) < usual : Number(value) > usual;
}

/** As the inputs hold them: null is no limit, '' is an input that was emptied. */
export type LimitValues = Record<LimitName, number | string | null>;

const picked = (limits: SendLimits): LimitValues => ({
  perSecond: limits.perSecond,
  perDay: limits.perDay,
  chatBurst: limits.chatBurst,
  chatEverySeconds: limits.chatEverySeconds,
  velocityPerMinute: limits.velocityPerMinute,
  velocityPerHour: limits.velocityPerHour,
});

/** What holds for the kind unless somebody sets something else; null for a kind without limits. */
export function usualLimits(kind: Channel['kind']): LimitValues | null {
  const usual = defaultLimits[kind];
  return usual ? picked(usual) : null;
}

export function limitValues({ kind, config }: Pick<Channel, 'kind' | 'config'>): LimitValues | null {
  const limits = limitsOf(kind, config);
  return limits && picked(limits);
}

const anyRecord = z.record(z.string(), z.json());

/** `config.limits` as these values make it: what is usual is left out, so that it follows when the usual changes. */
export function changedLimits({ kind, config }: Pick<Channel, 'kind' | 'config'>, values: LimitValues): z.infer<typeof anyRecord> {
  const usual = usualLimits(kind);
  const kept = Object.entries(anyRecord.safeParse(config['limits']).data ?? {}).filter(([name]) => !limitNames.some((one) => one === name));
  const own = limitNames.filter((name) => values[name] !== usual?.[name]).map((name) => [name, values[name]] as const);
  return Object.fromEntries([...kept, ...own]);
}
