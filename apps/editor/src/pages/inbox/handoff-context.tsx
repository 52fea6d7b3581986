import type { Handoff } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Age } from '../../parts/age.tsx';
import { asLine } from '../talk/as-line.ts';
import { ContactFacts } from '../talk/contact-facts.tsx';
import { ContextSection, FactList } from '../talk/fact-list.tsx';
import classes from './handoff-context.module.css';

/** Why a person is needed, what the bot found out, and where it would go on. */
export function HandoffContext({ handoff }: { handoff: Handoff }) {
  const { t } = useTranslation('inbox');
  const details = Object.entries(handoff.details);
  return (
    <>
      <ContextSection title={t('context.why')}>
        <p className={classes.reason}>{handoff.reason}</p>
        <p className={classes.since}>
          {t('context.since')} <Age at={handoff.openedAt} />
        </p>
      </ContextSection>
      {details.length > 0 ? (
        <ContextSection title={t('context.known')}>
          <FactList facts={details.map(([name, value]) => [name, asLine(value)] as const)} />
        </ContextSection>
      ) : null}
      {handoff.run ? (
        <ContextSection title={t('context.way')}>
          <ol className={classes.path}>
            {handoff.path.map((step, index) => (
              <li key={`${index}-${step}`}>{step}</li>
            ))}
          </ol>
          {handoff.continuesAt ? <p className={classes.next}>{t('context.goesOn', { step: handoff.continuesAt })}</p> : null}
          <Link to="/runs/$id" params={{ id: handoff.run.id }} className={classes.run}>
            {t('context.run', { flow: handoff.run.flow })}
          </Link>
        </ContextSection>
      ) : null}
      <ContactFacts conversation={handoff.conversation} />
    </>
  );
}
