import type { Conversation } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asLine } from './as-line.ts';
import { ContextSection, FactList } from './fact-list.tsx';

/** What is known of the person, and where their runs are. */
export function ContactFacts({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation(['inbox', 'common']);
  const { contact, channel, id } = conversation;
  return (
    <ContextSection title={t('context.person')}>
      <FactList
        facts={[
          [
            t('context.name'),
            <Link key="contact" to="/contacts/$id" params={{ id: contact.id }}>
              {contact.name || t('common:unknownContact')}
            </Link>,
          ],
          [t('context.language'), contact.language],
          [t('context.channel'), channel.name],
          ...Object.entries(contact.attributes).map(([name, value]) => [name, asLine(value)] as const),
          [
            t('context.runs'),
            <Link key="runs" to="/runs" search={{ conversation: id }}>
              {t('context.allRuns')}
            </Link>,
          ],
        ]}
      />
    </ContextSection>
  );
}
