import type { FlowSummary } from '@holdfast/contracts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Age } from '../../parts/age.tsx';
import rows from '../../parts/rows.module.css';
import { FlowMenu } from './flow-menu.tsx';
import { FlowSilence } from './flow-silence.tsx';
import { FlowStatus } from './flow-status.tsx';
import classes from './flows-page.module.css';

export function FlowRow({ flow }: { flow: FlowSummary }) {
  const { t } = useTranslation('flows');
  const format = useFormat();
  return (
    <article className={rows.row}>
      <div className={rows.main}>
        <Link to="/flows/$id" params={{ id: flow.id }} className={`${rows.title} ${rows.link}`} title={flow.name}>
          {flow.name}
        </Link>
        <div className={rows.sub}>{flow.description || t('steps', { count: flow.nodeTypes.length })}</div>
      </div>
      <div className={classes.marks}>
        <FlowStatus flow={flow} />
        <FlowSilence silence={flow.silence} />
      </div>
      <div className={rows.figure}>{flow.runs.today === 0 ? <span className={rows.nothing}>0</span> : format.number(flow.runs.today)}</div>
      <div className={classes.open}>
        <span className={rows.figure}>
          {flow.runs.open === 0 ? <span className={rows.nothing}>{t('open', { count: 0 })}</span> : t('open', { count: flow.runs.open })}
        </span>
        {flow.runs.attention > 0 ? (
          <Link to="/runs" search={{ status: 'attention', flow: flow.id }} className={`${classes.attention} ${rows.above}`}>
            <IconAlertTriangle size={14} stroke={1.75} aria-hidden />
            {t('attention', { count: flow.runs.attention })}
          </Link>
        ) : null}
      </div>
      <div className={classes.changed}>
        <Age at={flow.updatedAt} />
        <div className={classes.by}>{flow.updatedBy}</div>
      </div>
      <div className={`${rows.end} ${rows.above}`}>
        <FlowMenu flow={flow} />
      </div>
    </article>
  );
}
