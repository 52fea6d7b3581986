import type { Handoff } from '@holdfast/contracts';
import type { JsonObject } from '@holdfast/node-kit';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Age } from '../../parts/age.tsx';
import { useSaid } from '../../parts/use-said.ts';
import { ContactFacts } from '../talk/contact-facts.tsx';
import { DataFacts } from '../talk/data-facts.tsx';
import { ContextSection } from '../talk/fact-list.tsx';
import classes from './handoff-context.module.css';

// A handoff step files the outputs of earlier steps under `known`; they are shown beside the rest.
function knownOf({ known, ...rest }: JsonObject): JsonObject {
  if (known === undefined) return rest;
  return typeof known === 'object' && known !== null && !Array.isArray(known) ? { ...rest, ...known } : { ...rest, known };
}

/** Why a person is needed, what the bot found out, and where it would go on. */
export function HandoffContext({ handoff }: { handoff: Handoff }) {
  const { t } = useTranslation('inbox');
  const said = useSaid();
  const details = knownOf(handoff.details);
  return (
    <>
      <ContextSection title={t('context.why')}>
        <p className={classes.reason}>{said(handoff.reason)}</p>
        <p className={classes.since}>
          {t('context.since')} <Age at={handoff.openedAt} />
        </p>
      </ContextSection>
      {Object.keys(details).length > 0 ? (
        <ContextSection title={t('context.known')}>
          <DataFacts data={details} />
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
