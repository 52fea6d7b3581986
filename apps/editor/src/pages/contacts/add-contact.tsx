import { endpoints } from '@holdfast/contracts';
import { Modal, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { AddressFields, noAddress } from './address-fields.tsx';

/** A person whom nobody has talked to yet: for flows that write first. */
export function AddContact({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('add')}>
      {isOpen ? <Fields onClose={onClose} /> : null}
    </Modal>
  );
}

function Fields({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'common']);
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [address, setAddress] = useState(noAddress);
  const create = useAct(endpoints.createContact, {
    refreshes: [endpoints.listContacts],
    isQuiet: true,
    onDone: ({ id }) => {
      onClose();
      void navigate({ to: '/contacts/$id', params: { id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ body: { name, identities: address.address.trim() === '' ? [] : [address] } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {create.isError ? <ProblemAlert error={create.error} /> : null}
        <TextInput label={t('name')} value={name} maxLength={200} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
        <AddressFields value={address} onChange={setAddress} />
        <FormEnd submit={t('add')} onCancel={onClose} isPending={create.isPending} isDisabled={name.trim() === ''} />
      </Stack>
    </form>
  );
}
