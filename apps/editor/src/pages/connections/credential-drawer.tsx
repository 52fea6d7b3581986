import { credentialKinds, credentialType, endpoints, needsConsent, type Credential } from '@holdfast/contracts';
import { ActionIcon, CopyButton, Drawer, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { wayValuesOf } from '../../parts/way-values.ts';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { credentialBody, type CredentialValues } from './credential-body.ts';
import { CredentialFieldInput } from './credential-field-input.tsx';
import { CredentialWay } from './credential-way.tsx';
import { credentialGroups, fieldsOf, hasAddress, settingsOf } from './credential-fields.ts';

interface DrawerProps {
  edited: Credential | 'new' | null;
  redirectUri: string;
  onClose: () => void;
}

/** Adds or changes a connection. */
export function CredentialDrawer({ edited, redirectUri, onClose }: DrawerProps) {
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
      {edited === null ? null : <CredentialForm credential={edited === 'new' ? null : edited} redirectUri={redirectUri} onDone={onClose} />}
    </Drawer>
  );
}

const initialOf = (credential: Credential | null): CredentialValues => {
  const kind = credential?.kind ?? 'claude';
  return {
    name: credential?.name ?? '',
    kind,
    baseUrl: credential?.baseUrl ?? '',
    allowedHosts: credential?.allowedHosts ?? [],
    settings: { ...settingsOf(kind), ...credential?.settings },
    secret: {},
    via: wayValuesOf(credential?.via ?? null),
  };
};

interface FormProps {
  credential: Credential | null;
  redirectUri: string;
  onDone: () => void;
}

function CredentialForm({ credential, redirectUri, onDone }: FormProps) {
  const { t } = useTranslation(['connections', 'common']);
  const isNew = credential === null;
  const options = { refreshes: [endpoints.listCredentials], isQuiet: true, onDone };
  const create = useAct(endpoints.createCredential, options);
  const update = useAct(endpoints.updateCredential, options);
  const form = useEndpointForm(isNew ? endpoints.createCredential : endpoints.updateCredential, {
    initial: initialOf(credential),
    toBody: (values) => credentialBody(values, isNew),
  });
  const { kind, settings, via } = form.values;
  const { baseUrl, group } = credentialType(kind);
  const error = create.error ?? update.error;
  const submit = form.onSubmit((values) => {
    if (baseUrl === 'needed' && values.baseUrl.trim() === '') form.setFieldError('baseUrl', t('common:field.url'));
    else save(values);
  });
  const save = (values: CredentialValues) => {
    const { secret, ...body } = credentialBody(values, isNew);
    const onError = (thrown: unknown) => void showAtField(form, thrown);
    if (credential) update.mutate({ params: { id: credential.id }, body: { ...body, ...(secret ? { secret } : {}) } }, { onError });
    else create.mutate({ body: { ...body, secret: secret ?? {} } }, { onError });
  };
  const kinds = form.getInputProps('kind');
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error ? <ProblemAlert error={error} /> : null}
        <Select
          {...kinds}
          label={t('field.kind')}
          description={t(`kind.${kind}.means`)}
          disabled={!isNew}
          allowDeselect={false}
          data={credentialGroups.map((each) => ({
            group: t(`group.${each}`),
            items: credentialKinds
              .filter((one) => credentialType(one).group === each)
              .map((one) => ({ value: one, label: t(`kind.${one}.name`) })),
          }))}
          onChange={(next) => {
            const chosen = credentialKinds.find((one) => one === next) ?? kind;
            form.setValues({ kind: chosen, settings: settingsOf(chosen), secret: {}, via: wayValuesOf(null) });
            form.clearErrors();
          }}
        />
        <TextInput label={t('field.name')} description={t('field.nameHint')} maxLength={120} {...form.getInputProps('name')} />
        {fieldsOf(kind, settings)
          .filter(({ name }) => !isNew || name !== 'keepOld')
          // Where a server stands is asked of whoever goes there straight.
          .filter(({ name }) => via.kind === 'straight' || name !== 'network')
          .map((field) => (
            <CredentialFieldInput key={`${kind}.${field.name}`} field={field} form={form} isKept={!isNew} />
          ))}
        {needsConsent(kind, { settings, account: {}, baseUrl: null }) ? <RedirectAddress address={redirectUri} /> : null}
        {hasAddress(kind) ? (
          <TextInput
            label={t(baseUrl === 'needed' ? 'field.address' : 'field.addressOptional')}
            description={t(`kind.${kind}.address`)}
            placeholder={t(`kind.${kind}.example`)}
            {...form.getInputProps('baseUrl')}
          />
        ) : null}
        {group === 'service' ? (
          <TagsInput
            label={t('field.hosts')}
            description={t('field.hostsHint')}
            placeholder="crm.example.com"
            {...form.getInputProps('allowedHosts')}
          />
        ) : null}
        <CredentialWay form={form} credential={credential} />
        <FormEnd
          submit={t(credential ? 'common:action.saveChanges' : 'addThis')}
          onCancel={onDone}
          isPending={create.isPending || update.isPending}
          isLong
        />
      </Stack>
    </form>
  );
}

/** What the provider wants to know before it lets anybody come back here. */
function RedirectAddress({ address }: { address: string }) {
  const { t } = useTranslation(['connections', 'common']);
  return (
    <TextInput
      label={t('field.redirect')}
      description={t('field.redirectHint')}
      value={address}
      readOnly
      rightSection={
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <ActionIcon variant="subtle" onClick={copy} aria-label={t('field.copy')}>
              {copied ? <IconCheck size={16} stroke={1.75} /> : <IconCopy size={16} stroke={1.5} />}
            </ActionIcon>
          )}
        </CopyButton>
      }
    />
  );
}
