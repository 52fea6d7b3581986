import { endpoints, type Contact } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import css from './contacts.module.css';

/** Contacts that were joined into this one; each can be parted again. */
export function JoinedContacts({ contact, mayManage }: { contact: Contact; mayManage: boolean }) {
  const { t } = useTranslation(['contacts', 'common']);
  const confirm = useConfirm();
  const part = useAct(endpoints.unmergeContacts, {
    refreshes: [endpoints.getContact, endpoints.listContacts, endpoints.listConversations, endpoints.getConversation],
  });
  if (contact.merges.length === 0) return null;
  const ask = (merge: Contact['merges'][number]) =>
    confirm({
      title: t('part.title', { name: merge.name || t('common:unknownContact') }),
      effect: t('part.effect'),
      confirm: t('part.confirm'),
      tone: 'brand',
      onConfirm: () => part.mutate({ params: { id: contact.id }, body: { merge: merge.id } }),
    });
  return (
    <section className={css.card} aria-label={t('joined.title')}>
      <h3>{t('joined.title')}</h3>
      {contact.merges.map((merge) => (
        <div key={merge.id} className={css.joined}>
          <span className={css.itemWords}>
            <span className={css.itemName}>{merge.name || t('common:unknownContact')}</span>
            <span className={css.at}>
              {merge.by} · <Age at={merge.at} />
            </span>
          </span>
          {mayManage ? (
            <Button size="xs" variant="default" onClick={() => ask(merge)} loading={part.isPending}>
              {t('part.confirm')}
            </Button>
          ) : null}
        </div>
      ))}
    </section>
  );
}
