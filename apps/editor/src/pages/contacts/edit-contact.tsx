import { endpoints, type Contact } from '@holdfast/contracts';
import { Modal, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';

/** Name and language; from then on no provider's profile overwrites them. */
export function EditContact({ contact, isOpen, onClose }: { contact: Contact; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('edit')}>
      {isOpen ? <Fields contact={contact} onClose={onClose} /> : null}
    </Modal>
  );
}

function Fields({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'common']);
  const save = useAct(endpoints.updateContact, {
    refreshes: [endpoints.getContact, endpoints.listContacts, endpoints.listConversations, endpoints.getConversation],
    isQuiet: true,
    onDone: onClose,
  });
  const form = useEndpointForm(endpoints.updateContact, { initial: { name: contact.name, language: contact.language } });
  return (
    <form onSubmit={form.onSubmit((body) => save.mutate({ params: { id: contact.id }, body }))} noValidate>
      <Stack gap="md">
        {save.isError ? <ProblemAlert error={save.error} /> : null}
        <TextInput label={t('name')} description={t('nameHint')} data-autofocus {...form.getInputProps('name')} />
        <TextInput label={t('language')} description={t('languageHint')} placeholder="es" {...form.getInputProps('language')} />
        <FormEnd submit={t('common:action.saveChanges')} onCancel={onClose} isPending={save.isPending} />
      </Stack>
    </form>
  );
}
