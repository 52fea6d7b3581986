import { endpoints, type Channel, type Provider } from '@holdfast/contracts';
import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import { useSaid } from '../../parts/use-said.ts';
import { useLettingGo } from '../providers/use-letting-go.ts';
import classes from './channels-page.module.css';

/** Health is no event of its own: it is asked for while somebody looks. */
const everyMs = 5_000;

/** Who takes the channel's messages, while that keeps them back; null where it doesn't. */
export function useKeptBack({ id, status }: Channel): Provider | null {
  const { data } = useRead(endpoints.listProviders, {}, { refetchInterval: everyMs });
  const provider = data?.items.find((item) => item.id === `channel:${id}`);
  return status === 'active' && (provider?.state === 'down' || provider?.state === 'paused') ? provider : null;
}

/** Messages wait: why, since when, and how they go on. */
export function ChannelProvider({ provider }: { provider: Provider }) {
  const { t } = useTranslation('channels');
  const mayHold = useMay('runs.override');
  const { resume, tryNow } = useLettingGo(provider);
  const isDown = provider.state === 'down';
  const act = isDown ? tryNow : resume;
  return (
    <div className={classes.paused} role="status">
      <strong>{t(isDown ? 'keptBack.down' : 'keptBack.paused')}</strong>
      {isDown ? <Down provider={provider} /> : <Paused provider={provider} />}
      <Group gap={12}>
        {mayHold ? (
          <Button size="xs" variant="default" loading={act.isPending} onClick={() => act.mutate({ params: { id: provider.id } })}>
            {t(isDown ? 'keptBack.tryNow' : 'keptBack.resume')}
          </Button>
        ) : null}
        <Link to="/providers" search={{ queue: provider.id }}>
          {t('keptBack.waiting', { count: provider.waiting.count })}
        </Link>
      </Group>
    </div>
  );
}

function Down({ provider: { downSince, probeAt, lastError } }: { provider: Provider }) {
  const { t } = useTranslation('channels');
  const { t: tProblem } = useTranslation('problems');
  const said = useSaid();
  return (
    <>
      <p>
        {t('keptBack.since')} {downSince ? <Age at={downSince} /> : null}
        {lastError ? `: ${titleOfProblem(tProblem, lastError)}. ${said(lastError.detail, lastError.said?.detail)}` : ''}
      </p>
      <p>
        {t('keptBack.downMeans')}{' '}
        {probeAt ? (
          <>
            {t('keptBack.triedAgain')} <Age at={probeAt} />.
          </>
        ) : null}
      </p>
    </>
  );
}

function Paused({ provider: { pausedAt, pausedBy, pauseNote } }: { provider: Provider }) {
  const { t } = useTranslation('channels');
  return (
    <p>
      {t('keptBack.pausedBy', { name: pausedBy ?? '' })} {pausedAt ? <Age at={pausedAt} /> : null}
      {pauseNote ? `: ${pauseNote}` : ''}. {t('keptBack.pausedMeans')}
    </p>
  );
}
