import { endpoints, type Credential } from '@holdfast/contracts';
import { Button, Drawer, Group, PasswordInput, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { credentialBody, missingSecrets, noSecret, type CredentialValues } from './credential-body.ts';
import { credentialKinds, kindNames } from './credential-fields.ts';

/** Adds or changes a connection. */
export function CredentialDrawer({ edited, onClose }: { edited: Credential | 'new' | null; onClose: () => void }) {
  const { t } = useTranslation('connections');
  const name = edited === null || edited === 'new' ? '' : edited.name;
  return (
    <Drawer
      opened={edited !== null}
      onClose={onClose}
      position="right"
      size={460}
      title={edited === 'new' ? t('add') : t('change', { name })}
    >
      {edited === null ? null : <CredentialForm credential={edited === 'new' ? null : edited} onDone={onClose} />}
    </Drawer>
  );
}

const initialOf = (credential: Credential | null): CredentialValues => ({
  name: credential?.name ?? '',
  kind: credential?.kind ?? 'claude',
  baseUrl: credential?.baseUrl ?? '',
  allowedHosts: credential?.allowedHosts ?? [],
  secret: { ...noSecret },
});

function CredentialForm({ credential, onDone }: { credential: Credential | null; onDone: () => void }) {
  const { t } = useTranslation(['connections', 'common']);
  const options = { refreshes: [endpoints.listCredentials], isQuiet: true, onDone };
  const create = useAct(endpoints.createCredential, options);
  const update = useAct(endpoints.updateCredential, options);
  const form = useEndpointForm(credential ? endpoints.updateCredential : endpoints.createCredential, {
    initial: initialOf(credential),
    toBody: (values) => ({ secret: {}, ...credentialBody(values) }),
  });
  const { kind } = form.values;
  const { fields, baseUrl } = credentialKinds[kind];
  const error = create.error ?? update.error;
  const submit = form.onSubmit((values) => {
    const missing = missingSecrets(values, credential === null);
    for (const field of missing) form.setFieldError(`secret.${field}`, t('common:field.required'));
    if (baseUrl === 'needed' && values.baseUrl.trim() === '') form.setFieldError('baseUrl', t('common:field.url'));
    else if (missing.length === 0) save(values);
  });
  const save = (values: CredentialValues) => {
    const { secret, ...body } = credentialBody(values);
    const onError = (thrown: unknown) => void showAtField(form, thrown);
    if (credential) update.mutate({ params: { id: credential.id }, body: { ...body, ...(secret ? { secret } : {}) } }, { onError });
    else create.mutate({ body: { ...body, secret: secret ?? {} } }, { onError });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error ? <ProblemAlert error={error} /> : null}
        <Select
          label={t('field.kind')}
          description={t(`kind.${kind}.means`)}
          disabled={credential !== null}
          data={(['model', 'service'] as const).map((group) => ({
            group: t(`group.${group}`),
            items: kindNames
              .filter((each) => credentialKinds[each].group === group)
              .map((each) => ({ value: each, label: t(`kind.${each}.name`) })),
          }))}
          {...form.getInputProps('kind')}
        />
        <TextInput label={t('field.name')} description={t('field.nameHint')} maxLength={120} {...form.getInputProps('name')} />
        {fields.map((field) => {
          const Field = field.isSecret ? PasswordInput : TextInput;
          const props = {
            label: t(`secret.${field.name}`),
            description: credential ? t('field.kept') : field.isOptional ? t('field.optional') : undefined,
            autoComplete: 'off',
            ...form.getInputProps(`secret.${field.name}`),
          };
          return <Field key={field.name} {...props} />;
        })}
        <TextInput
          label={t(baseUrl === 'needed' ? 'field.address' : 'field.addressOptional')}
          description={t(`kind.${kind}.address`)}
          placeholder={t(`kind.${kind}.example`)}
          {...form.getInputProps('baseUrl')}
        />
        {credentialKinds[kind].group === 'service' ? (
          <TagsInput
            label={t('field.hosts')}
            description={t('field.hostsHint')}
            placeholder="crm.example.com"
            {...form.getInputProps('allowedHosts')}
          />
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {t(credential ? 'common:action.saveChanges' : 'addThis')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
