import type { RunDetail } from '@holdfast/contracts';
import { IconAlertTriangle, IconCheck, IconCircleFilled, IconPointFilled, IconUser, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { drawnPorts } from '../canvas/drawable-config.ts';
import { useNodeWords } from '../canvas/node-words.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { titleOfProblem } from '../parts/use-problem-title.ts';
import { sentenceOf, waitsOnce, withoutEchoes, type Sentence } from './timeline-sentence.ts';
import css from './run-page.module.css';

const icons: Record<Sentence['tone'], Icon> = {
  plain: IconPointFilled,
  ok: IconCheck,
  warn: IconAlertTriangle,
  bad: IconCircleFilled,
  person: IconUser,
};

/** The run told in sentences, oldest first; a click shows the step. */
export function Timeline({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run');
  return (
    <section className={css.timeline} aria-label={t('timeline.title')} data-testid="timeline">
      <h2>{t('timeline.title')}</h2>
      <ol className={css.entries}>
        {waitsOnce(withoutEchoes(run.timeline)).map((item) => (
          <TimelineRow key={item.seq} run={run} item={item} />
        ))}
      </ol>
    </section>
  );
}

function TimelineRow({ run, item }: { run: RunDetail; item: RunDetail['timeline'][number] }) {
  const { t } = useTranslation('run');
  const { t: problems } = useTranslation('problems');
  const { catalog, session } = useWorkbench();
  const words = useNodeWords();
  const format = useFormat();
  const { entry } = item;
  const nodeId = 'node' in entry ? (entry.node ?? null) : null;
  const node = run.file.nodes.find((candidate) => candidate.id === nodeId);
  const definition = node && catalog[node.type];
  const sentence = sentenceOf(entry, {
    step: item.nodeName ?? node?.name ?? '',
    port: (port) => {
      const drawn = definition && node ? drawnPorts(definition, node.config)[port] : undefined;
      return drawn && node ? words.port(node.type, port, drawn) : null;
    },
    problem: (problem) => titleOfProblem(problems, problem),
  });
  const Icon = icons[sentence.tone];
  const content = (
    <>
      <time dateTime={item.at}>{format.clock(item.at)}</time>
      <Icon size={15} stroke={1.75} aria-hidden />
      <span>
        {t(`sentence.${sentence.key}`, sentence.values)}
        {sentence.untilAt === null
          ? ''
          : ` ${t(sentence.key === 'stepFailedRetry' || sentence.key === 'stepPutOff' ? 'sentence.againAt' : 'sentence.until', { time: Date.parse(sentence.untilAt) - Date.parse(item.at) < 3_600_000 ? format.clock(sentence.untilAt) : format.moment(sentence.untilAt) })}`}
        {sentence.values.note === undefined ? null : (
          <>
            {' '}
            <q>{sentence.values.note}</q>
          </>
        )}
      </span>
    </>
  );
  if (nodeId === null)
    return (
      <li>
        <div className={css.entry} data-tone={sentence.tone}>
          {content}
        </div>
      </li>
    );
  return (
    <li>
      <button type="button" className={css.entry} data-tone={sentence.tone} onClick={() => session.getState().select([nodeId])}>
        {content}
      </button>
    </li>
  );
}
