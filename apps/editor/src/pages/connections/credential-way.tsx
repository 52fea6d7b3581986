import { credentialType, waysOf, type Credential } from '@holdfast/contracts';
import { Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { WayFields } from '../../parts/way-fields.tsx';
import { isOtherWay } from '../../parts/way-values.ts';
import type { CredentialValues } from './credential-body.ts';

interface Props {
  form: UseFormReturnType<CredentialValues>;
  /** Null: a new one. */
  credential: Credential | null;
}

/** The way of a connection, for kinds that can have one. */
export function CredentialWay({ form, credential }: Props) {
  const { t } = useTranslation('ways');
  const maySet = useMay('settings.manage');
  const { via, kind } = form.values;
  const ways = waysOf(kind);
  if (ways.length === 0) return null;
  if (!maySet)
    return via.kind === 'straight' ? null : (
      <Text size="sm" c="dimmed">
        {t('way.adminOnly')}
      </Text>
    );
  return (
    <WayFields
      values={via}
      onChange={(field, value) => form.setFieldValue(`via.${field}`, value)}
      errors={form.errors}
      ways={ways}
      hint={t(credentialType(kind).probe === 'database' ? 'way.databaseHint' : 'way.hint')}
      keepsPassword={credential?.via?.kind === 'proxy' && credential.via.hasPassword}
      note={credential && isOtherWay(credential.via, via) ? <Text size="sm">{t('way.secretAgain')}</Text> : null}
    />
  );
}
