import { endpoints } from '@holdfast/contracts';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { useTitle } from '../../parts/use-title.ts';
import { ListAndOne } from '../talk/list-and-one.tsx';
import { ContactList } from './contact-list.tsx';
import { ContactView } from './contact-view.tsx';

/** Everybody who wrote or can be written to, on whichever channels. */
export function ContactsPage() {
  const { t } = useTranslation('contacts');
  useTitle(t('title'));
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const chosen = useRead(endpoints.getContact, { params: { id: id ?? '' } }, { enabled: id !== undefined });
  const back = () => void navigate({ to: '/contacts', search: (search) => search });
  return (
    <ListAndOne
      list={<ContactList />}
      label={t('contact')}
      id={id}
      chosen={chosen}
      invite={{ title: t('choose.title'), text: t('choose.text') }}
    >
      {(contact) => <ContactView key={id} contact={contact} onBack={back} />}
    </ListAndOne>
  );
}
