import type { Provider } from '@holdfast/contracts';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockPause,
  IconDoorExit,
  IconMoon,
  IconPlayerPause,
  IconPlugConnectedX,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Age } from '../../parts/age.tsx';
import rows from '../../parts/rows.module.css';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import { useNow } from '../../parts/use-now.ts';
import { useSaid } from '../../parts/use-said.ts';
import type { Tone } from '../../theme/theme.ts';
import { ProviderActs, type ProviderActsProps } from './provider-acts.tsx';
import classes from './providers-page.module.css';
import { useLimitWords } from './use-limit-words.ts';

const looks: Record<Provider['state'], { tone: Tone; icon: Icon }> = {
  paused: { tone: 'warn', icon: IconPlayerPause },
  draining: { tone: 'warn', icon: IconDoorExit },
  down: { tone: 'bad', icon: IconPlugConnectedX },
  resting: { tone: 'warn', icon: IconClockPause },
  failing: { tone: 'warn', icon: IconAlertTriangle },
  well: { tone: 'ok', icon: IconCircleCheck },
  quiet: { tone: 'neutral', icon: IconMoon },
};

export function ProviderRow({ provider, ...acts }: ProviderActsProps) {
  const { t } = useTranslation('providers');
  const { tone, icon } = looks[provider.state];
  return (
    <article className={rows.row}>
      <div className={rows.main}>
        <h2 className={rows.title} title={provider.id}>
          {provider.name}
        </h2>
        <div className={rows.sub}>{t(`kind.${kindOf(provider.kind)}`)}</div>
      </div>
      <div className={classes.state}>
        <StatusBadge tone={tone} icon={icon}>
          {t(`state.${provider.state}`)}
        </StatusBadge>
        <Standing provider={provider} />
      </div>
      <Figures provider={provider} />
      <ProviderActs provider={provider} {...acts} />
    </article>
  );
}

const kinds = [
  'http',
  'channel',
  'groq',
  'claude',
  'openai-compatible',
  'shopify',
  'quickbooks',
  'google-sheets',
  's3',
  'smtp',
  'postgresql',
  'oracle',
] as const;
const kindOf = (kind: string): (typeof kinds)[number] | 'other' => kinds.find((known) => known === kind) ?? 'other';

/** A time that is past means that nobody has called it since: the next call tries it. */
function TriedAgain({ at }: { at: string }) {
  const { t } = useTranslation('providers');
  const isDue = Date.parse(at) <= useNow();
  return isDue ? (
    t('triedNext')
  ) : (
    <>
      {t('triedAgain')} <Age at={at} />
    </>
  );
}

/** Why, since when, and what comes next. */
function Standing({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const { t: tProblem } = useTranslation('problems');
  const said = useSaid();
  const { state, lastError, lastErrorAt } = provider;
  const why = lastError && said(lastError.detail, lastError.said?.detail);
  const isInTrouble = state === 'down' || state === 'failing' || state === 'resting';
  return (
    <div className={classes.why}>
      {state === 'paused' && provider.pausedAt ? (
        <p>
          {t('pausedBy', { name: provider.pausedBy ?? '' })} <Age at={provider.pausedAt} />
          {provider.pauseNote ? `: ${provider.pauseNote}` : ''}
        </p>
      ) : null}
      {state === 'draining' && provider.drainingAt ? (
        <p>
          {t('drainedBy', { name: provider.pausedBy ?? '' })} <Age at={provider.drainingAt} />
          {provider.pauseNote ? `: ${provider.pauseNote}` : ''}
        </p>
      ) : null}
      {state === 'down' && provider.downSince && provider.probeAt ? (
        <p>
          {t('downSince')} <Age at={provider.downSince} />, <TriedAgain at={provider.probeAt} />
          {provider.kind === 'channel' ? `. ${t('channelDown')}` : ''}
        </p>
      ) : null}
      {state === 'resting' && provider.heldUntil ? (
        <p>
          {t('resting')} <Age at={provider.heldUntil} />
        </p>
      ) : null}
      {isInTrouble && lastError && lastErrorAt ? (
        <p title={why ?? ''}>
          {titleOfProblem(tProblem, lastError)} <Age at={lastErrorAt} />: {why}
        </p>
      ) : null}
    </div>
  );
}

function Figures({ provider: { kind, calls, waiting, kept, limits, limitsFrom } }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const format = useFormat();
  const words = useLimitWords();
  return (
    <div className={classes.figures}>
      <p>
        {t('calls', { count: calls.ok + calls.failed + calls.limited })}
        {calls.failed > 0 ? `, ${t('failed', { count: calls.failed })}` : ''}
        {calls.limited > 0 ? `, ${t('limited', { count: calls.limited })}` : ''}
        {calls.averageMs === null ? '' : `, ${t('average', { time: format.span(calls.averageMs) })}`}
      </p>
      {kind === 'channel' ? null : <p>{t(`limit.${limitsFrom}`, { limits: words(limits) })}</p>}
      {waiting.count > 0 ? (
        <p className={classes.waiting}>
          {t('waiting', { count: waiting.count })}
          {waiting.since ? (
            <>
              , {t('since')} <Age at={waiting.since} />
            </>
          ) : null}
        </p>
      ) : null}
      {kept.waiting > 0 ? <p className={classes.waiting}>{t('kept', { count: kept.waiting })}</p> : null}
      {kept.stopped > 0 ? <p className={classes.stopped}>{t('stopped', { count: kept.stopped })}</p> : null}
    </div>
  );
}
