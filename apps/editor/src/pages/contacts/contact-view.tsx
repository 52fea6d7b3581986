import { endpoints, type Contact } from '@holdfast/contracts';
import { ActionIcon, Alert, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowLeft, IconArrowMerge, IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { ChannelIcon } from '../../parts/channel-icon.tsx';
import { Face } from '../../parts/face.tsx';
import { Addresses } from './addresses.tsx';
import { ContactData } from './contact-data.tsx';
import { EditContact } from './edit-contact.tsx';
import { EraseContact } from './erase-contact.tsx';
import { JoinedContacts } from './joined-contacts.tsx';
import { MergeContact } from './merge-contact.tsx';
import { Notes } from './notes.tsx';
import css from './contacts.module.css';

/** One person: where to reach them, what was said, what is known, and what they asked for. */
export function ContactView({ contact, onBack }: { contact: Contact; onBack: () => void }) {
  const { t } = useTranslation(['contacts', 'common']);
  const mayManage = useMay('contacts.manage') && contact.mergedInto === null;
  const [isEditing, editing] = useDisclosure(false);
  const [isMerging, merging] = useDisclosure(false);
  return (
    <>
      <header className={css.head}>
        <ActionIcon className={css.back} onClick={onBack} aria-label={t('common:action.back')}>
          <IconArrowLeft size={18} stroke={1.5} />
        </ActionIcon>
        <Face name={contact.name} size={40} />
        <div className={css.headWords}>
          <h2>{contact.name || t('common:unknownContact')}</h2>
          <p>{contact.language === '' ? t('noLanguage') : languageName(contact.language, t('locale'))}</p>
        </div>
        {mayManage ? (
          <div className={css.headActions}>
            <Button size="xs" variant="default" leftSection={<IconPencil size={15} stroke={1.5} />} onClick={editing.open}>
              {t('edit')}
            </Button>
            <Button size="xs" variant="default" leftSection={<IconArrowMerge size={15} stroke={1.5} />} onClick={merging.open}>
              {t('merge.open')}
            </Button>
          </div>
        ) : null}
      </header>
      <div className={css.body}>
        {contact.mergedInto === null ? null : <MergedInto id={contact.mergedInto} />}
        <Addresses contact={contact} mayManage={mayManage} />
        <Conversations contact={contact} />
        <Notes contact={contact} mayManage={mayManage} />
        <ContactData contact={contact} mayManage={mayManage} />
        <JoinedContacts contact={contact} mayManage={mayManage} />
        <EraseContact contact={contact} />
      </div>
      <EditContact contact={contact} isOpen={isEditing} onClose={editing.close} />
      <MergeContact contact={contact} isOpen={isMerging} onClose={merging.close} />
    </>
  );
}

function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // a provider may tell something that is no language
  }
}

function MergedInto({ id }: { id: string }) {
  const { t } = useTranslation(['contacts', 'common']);
  const other = useRead(endpoints.getContact, { params: { id } });
  const name = other.data?.name || t('common:unknownContact');
  return (
    <Alert color="brand" variant="light" icon={<IconArrowMerge size={18} stroke={1.5} />}>
      {t('merge.into', { name })}{' '}
      <Link to="/contacts/$id" params={{ id }}>
        {t('merge.openOther', { name })}
      </Link>
    </Alert>
  );
}

function Conversations({ contact }: { contact: Contact }) {
  const { t } = useTranslation('contacts');
  return (
    <section className={css.card} aria-label={t('conversations.title')}>
      <h3>{t('conversations.title')}</h3>
      {contact.conversations.length === 0 ? <p className={css.none}>{t('conversations.none')}</p> : null}
      {contact.conversations.map((conversation) => {
        return (
          <Link key={conversation.id} to="/conversations/$id" params={{ id: conversation.id }} className={css.conversation}>
            <ChannelIcon kind={conversation.channel.kind} />
            <span className={css.conversationWords}>
              <strong>{conversation.channel.name}</strong>
              <span>{conversation.lastMessage}</span>
            </span>
            <span className={css.at}>
              <Age at={conversation.lastMessageAt} />
            </span>
          </Link>
        );
      })}
    </section>
  );
}
