import { endpoints, type Contact } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { useConfirm } from '../../parts/use-confirm.tsx';

/** For who asks to be forgotten. */
export function EraseContact({ contact }: { contact: Contact }) {
  const { t } = useTranslation(['contacts', 'common']);
  const mayErase = useMay('contacts.erase');
  const navigate = useNavigate();
  const confirm = useConfirm();
  const erase = useAct(endpoints.eraseContact, {
    refreshes: [endpoints.listContacts, endpoints.listConversations, endpoints.listHandoffs, endpoints.listRuns],
    onDone: () => void navigate({ to: '/contacts' }),
  });
  if (!mayErase) return null;
  const ask = () =>
    confirm({
      title: t('erase.title', { name: contact.name || t('common:unknownContact') }),
      effect: t('erase.effect'),
      confirm: t('erase.confirm'),
      keep: t('erase.keep'),
      onConfirm: () => erase.mutate({ params: { id: contact.id } }),
    });
  return (
    <div>
      <Button
        size="xs"
        variant="subtle"
        color="bad"
        leftSection={<IconTrash size={15} stroke={1.5} />}
        onClick={ask}
        loading={erase.isPending}
      >
        {t('erase.open')}
      </Button>
    </div>
  );
}
