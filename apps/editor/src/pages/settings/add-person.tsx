import { endpoints, roles, type Role } from '@holdfast/contracts';
import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { firstPassword } from './first-password.ts';
import { ShownOnce } from './shown-once.tsx';

interface Values extends Record<string, unknown> {
  name: string;
  email: string;
  role: Role;
  password: string;
}

/** Adds a person with a first password that they must change; it is shown once, to hand over. */
export function AddPerson({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const [made, setMade] = useState<{ email: string; password: string } | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t(made ? 'people.added' : 'people.add')}>
      {made ? (
        <ShownOnce text={t('people.handOver', { email: made.email })} secret={made.password} onClose={close} />
      ) : (
        <PersonForm onMade={setMade} />
      )}
    </Modal>
  );
}

function PersonForm({ onMade }: { onMade: (person: { email: string; password: string }) => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const isOwner = useSession()?.role === 'owner';
  const [password] = useState(() => firstPassword(crypto.getRandomValues(new Uint8Array(16))));
  const initial: Values = { name: '', email: '', role: 'operator', password };
  const form = useEndpointForm(endpoints.createMember, { initial });
  const add = useAct(endpoints.createMember, {
    refreshes: [endpoints.listMembers],
    isQuiet: true,
    onDone: ({ email }) => onMade({ email, password }),
  });
  const submit = form.onSubmit((values) => add.mutate({ body: values }, { onError: (error) => void showAtField(form, error) }));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {add.isError && Object.keys(form.errors).length === 0 ? <ProblemAlert error={add.error} /> : null}
        <TextInput label={t('people.name')} autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        <TextInput label={t('people.email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
        <Radio.Group label={t('people.role')} {...form.getInputProps('role')}>
          <Stack gap={8} mt={6}>
            {roles
              .filter((role) => role !== 'owner' || isOwner)
              .map((role) => (
                <Radio key={role} value={role} label={t(`common:role.${role}`)} description={t(`common:roleMeans.${role}`)} />
              ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            {t('people.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
