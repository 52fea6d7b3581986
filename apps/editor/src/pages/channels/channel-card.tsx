import { endpoints, type Channel, type Provider } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconHandStop, IconPlayerPause, IconPlayerPlay, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { ChannelIcon } from '../../parts/channel-icon.tsx';
import { AccountFacts } from './account-facts.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { useSaid } from '../../parts/use-said.ts';
import { showDone } from '../../shell/show-done.ts';
import { accountOf } from './account-of.ts';
import { ChannelMenu } from './channel-menu.tsx';
import { ChannelProvider, useKeptBack } from './channel-provider.tsx';
import classes from './channels-page.module.css';
import { SendingFacts } from './sending-facts.tsx';

const looks = {
  active: { tone: 'ok', icon: IconCheck },
  paused: { tone: 'neutral', icon: IconPlayerPause },
  broken: { tone: 'bad', icon: IconAlertTriangle },
  /** It works, but the bots on it stand still. */
  held: { tone: 'warn', icon: IconHandStop },
  /** A person holds back what goes out. */
  kept: { tone: 'warn', icon: IconPlayerPause },
  /** Its provider fails, so messages wait. */
  down: { tone: 'bad', icon: IconPlugConnectedX },
} as const;

function stateOf({ status, health }: Channel, keptBack: Provider | null): keyof typeof looks {
  if (keptBack) return keptBack.state === 'down' ? 'down' : 'kept';
  return status === 'active' && health.sending.automationPaused ? 'held' : status;
}

/** One channel: whether it works, when it last did, and what can be done. */
export function ChannelCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation(['channels', 'common']);
  const mayManage = useMay('channels.manage');
  const isSimulator = channel.kind === 'simulator';
  const { health } = channel;
  const keptBack = useKeptBack(channel);
  const state = stateOf(channel, keptBack);
  return (
    <article className={classes.card}>
      <header className={classes.head}>
        <span className={classes.glyph}>
          <ChannelIcon kind={channel.kind} size={20} />
        </span>
        <div className={classes.words}>
          <h2 className={classes.name} title={channel.name}>
            {channel.name}
          </h2>
          <p className={classes.kind}>
            {channel.kind === 'simulator' ? t('simulator') : [t(`kind.${channel.kind}`), accountOf(channel)].filter(Boolean).join(' · ')}
          </p>
        </div>
        <StatusBadge {...looks[state]}>{t(`status.${state}`)}</StatusBadge>
      </header>
      {health.problem ? <ProblemAlert problem={health.problem} tone={channel.status === 'broken' ? 'bad' : 'warn'} /> : null}
      <AutomationPaused channel={channel} />
      {keptBack ? <ChannelProvider provider={keptBack} /> : null}
      <dl className={classes.facts}>
        <div>
          <dt>{t('fact.in')}</dt>
          <dd>{health.lastInAt ? <Age at={health.lastInAt} /> : t('fact.never')}</dd>
        </div>
        <div>
          <dt>{t('fact.out')}</dt>
          <dd>{health.lastOutAt ? <Age at={health.lastOutAt} /> : t('fact.never')}</dd>
        </div>
        <div>
          <dt>{t('fact.queued')}</dt>
          <dd className="tabular">{health.queued}</dd>
        </div>
      </dl>
      <SendingFacts channel={channel} />
      <AccountFacts channel={channel} />
      {mayManage && !isSimulator ? <ChannelActs channel={channel} /> : null}
    </article>
  );
}

/** The provider rates the account so badly that the bots stand still: why, and how they go on. */
function AutomationPaused({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const said = useSaid();
  const mayManage = useMay('channels.manage');
  const resume = useAct(endpoints.resumeAutomation, {
    refreshes: [endpoints.listChannels],
    onDone: () => showDone(t('automation.resumed')),
  });
  const paused = channel.health.sending.automationPaused;
  if (!paused) return null;
  return (
    <div className={classes.paused} role="alert">
      <strong>{t('automation.title')}</strong>
      <p>{t('automation.text', { reason: said(paused.reason) })}</p>
      {mayManage ? (
        <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate({ params: { id: channel.id } })}>
          {t('automation.resume')}
        </Button>
      ) : null}
    </div>
  );
}

function ChannelActs({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const refreshes = [endpoints.listChannels];
  const test = useAct(endpoints.testChannel, {
    refreshes,
    onDone: ({ health }) => (health.problem ? undefined : showDone(t('test.good', { name: channel.name }))),
  });
  const update = useAct(endpoints.updateChannel, { refreshes });
  const params = { id: channel.id };
  const isPaused = channel.status === 'paused';
  return (
    <div className={classes.acts}>
      <Button size="xs" variant="default" onClick={() => test.mutate({ params })} loading={test.isPending}>
        {t('test.label')}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={isPaused ? <IconPlayerPlay size={14} stroke={1.5} /> : <IconPlayerPause size={14} stroke={1.5} />}
        onClick={() => update.mutate({ params, body: { status: isPaused ? 'active' : 'paused' } })}
        loading={update.isPending}
      >
        {t(isPaused ? 'resume' : 'pause')}
      </Button>
      <ChannelMenu channel={channel} />
    </div>
  );
}
