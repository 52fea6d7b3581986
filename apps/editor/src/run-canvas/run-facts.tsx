import type { RunDetail } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { DataView } from '../parts/data-view.tsx';
import { RunFiles } from './run-files.tsx';
import { Sends } from './sends.tsx';
import css from './run-page.module.css';

/** The run as a whole: what started it, how long it took, what it sent and gave. */
export function RunFacts({ run }: { run: RunDetail }) {
  const { t } = useTranslation(['run', 'webhook']);
  const format = useFormat();
  return (
    <>
      <section className={css.section}>
        <h3>{t('facts.title')}</h3>
        <dl className={css.facts}>
          <dt>{t('facts.startedBy')}</dt>
          <dd>
            {t(`source.${run.source}`)}
            {run.replayOf === null ? null : (
              <>
                {' '}
                · {t('webhook:run.replayOf')}{' '}
                <Link to="/runs/$id" params={{ id: run.replayOf }}>
                  {t('webhook:run.original')}
                </Link>
              </>
            )}
          </dd>
          <dt>{t('facts.started')}</dt>
          <dd>{format.exact(run.startedAt)}</dd>
          {run.durationMs === null ? null : (
            <>
              <dt>{t('facts.took')}</dt>
              <dd>{format.span(run.durationMs)}</dd>
            </>
          )}
          {run.contact ? (
            <>
              <dt>{t('facts.contact')}</dt>
              <dd>
                {run.conversation ? (
                  <Link to="/conversations/$id" params={{ id: run.conversation }}>
                    {run.contact.name}
                  </Link>
                ) : (
                  run.contact.name
                )}
              </dd>
            </>
          ) : null}
          <dt>{t('facts.way')}</dt>
          <dd>{t(`way.${wayOf(run)}`)}</dd>
          <dt>{t('facts.id')}</dt>
          <dd className="data">{run.id}</dd>
        </dl>
        <p style={{ marginTop: 8, color: 'var(--text-3)', fontSize: 12.5 }}>{t('facts.hint')}</p>
      </section>
      <RunFiles run={run} node={null} />
      <Sends run={run} node={null} />
      <section className={css.section}>
        <h3>{t('facts.trigger')}</h3>
        <DataView value={run.trigger} />
      </section>
      {run.result === null ? null : (
        <section className={css.section}>
          <h3>{t('facts.result')}</h3>
          <DataView value={run.result} />
        </section>
      )}
    </>
  );
}

/** Where the run was worked on, as far as it has come. */
function wayOf({ beganIn, lane, handovers }: RunDetail): 'queued' | 'express' | 'both' | 'temporal' {
  if (lane === 'queued') return 'queued';
  if (beganIn === 'temporal') return 'temporal';
  return handovers.length > 0 ? 'both' : 'express';
}
