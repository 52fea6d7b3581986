import type { RunSummary } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Age } from '../../parts/age.tsx';
import rows from '../../parts/rows.module.css';
import { RunStatusBadge } from '../../parts/run-status-badge.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import classes from './runs-page.module.css';

export function RunRow({ run }: { run: RunSummary }) {
  const { t } = useTranslation(['runs', 'common']);
  const format = useFormat();
  const who = run.contact ? run.contact.name || t('common:unknownContact') : t(`source.${run.source}`);
  return (
    <article className={rows.row}>
      <div>
        <RunStatusBadge run={run} />
      </div>
      <div className={rows.main}>
        <Link to="/runs/$id" params={{ id: run.id }} className={`${rows.title} ${rows.link}`}>
          {who}
        </Link>
        <div className={rows.sub} title={run.flow.name}>
          {t('flowVersion', { flow: run.flow.name, version: run.version.number })}
        </div>
      </div>
      <div className={classes.now}>
        <Now run={run} />
      </div>
      <div className={classes.started}>
        <Age at={run.startedAt} />
      </div>
      <div className={rows.figure}>{run.durationMs === null ? null : format.span(run.durationMs)}</div>
    </article>
  );
}

const waitNames = ['reply', 'handoff', 'timer', 'event', 'approval', 'send', 'provider'] as const;
const isWaitName = (text: string): text is (typeof waitNames)[number] => waitNames.some((name) => name === text);

/** Why it stands still or what it waits for; nothing while it simply runs or is done. */
function Now({ run }: { run: RunSummary }) {
  const { t } = useTranslation(['runs', 'problems']);
  const { t: tProblem } = useTranslation('problems');
  if (run.cause)
    return (
      <>
        <strong>{run.cause.nodeName ? t('atStep', { step: run.cause.nodeName }) : null}</strong> {titleOfProblem(tProblem, run.cause)}
      </>
    );
  if (run.waitingFor)
    return (
      <>
        {isWaitName(run.waitingFor) ? t(`waitsFor.${run.waitingFor}`) : run.waitingFor}
        {run.wakeAt ? (
          <>
            , {t(run.waitingFor === 'timer' || run.waitingFor === 'provider' ? 'wake.timer' : 'wake.limit')} <Age at={run.wakeAt} />
          </>
        ) : null}
      </>
    );
  return null;
}
