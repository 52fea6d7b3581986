import { endpoints, type Channel } from '@holdfast/contracts';
import { Modal, PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { WayFields } from '../../parts/way-fields.tsx';
import { isOtherWay, wayBody, wayValuesOf, type WayValues } from '../../parts/way-values.ts';
import { showDone } from '../../shell/show-done.ts';

const stored = z.object({
  via: z
    .object({ kind: z.literal('proxy'), url: z.string(), username: z.string() })
    .nullable()
    .catch(null),
  oauth: z.object({}).optional().catch(undefined),
});

/** The way to a mailbox's servers, as the channel keeps it; null: straight. */
export function mailWayOf({ config }: Channel) {
  const { via } = stored.parse(config);
  return via && { ...via, hasPassword: via.username !== '' };
}

/** How a mailbox's servers are reached. */
export function MailWay({ channel, isOpen, onClose }: { channel: Channel; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('ways');
  return (
    <Modal opened={isOpen} onClose={onClose} size="lg" title={t('way.mailTitle')}>
      {isOpen ? <WayForm channel={channel} onDone={onClose} /> : null}
    </Modal>
  );
}

/** `again`: the mailbox's own secret, which a new way needs. */
function changeOf(via: WayValues, again: Record<string, string>) {
  const way = wayBody(via);
  const proxy = way?.kind === 'proxy' ? { kind: way.kind, url: way.url, username: way.username ?? '' } : null;
  const secrets = { ...again, ...(proxy && via.password !== '' ? { proxyPassword: via.password } : {}) };
  return { settings: { via: proxy }, ...(Object.keys(secrets).length === 0 ? {} : { secrets }) };
}

function WayForm({ channel, onDone }: { channel: Channel; onDone: () => void }) {
  const { t } = useTranslation(['ways', 'channels']);
  const before = mailWayOf(channel);
  const [via, setVia] = useState(wayValuesOf(before));
  const [secret, setSecret] = useState('');
  const secretName = stored.parse(channel.config).oauth ? 'refreshToken' : 'password';
  const isOther = isOtherWay(before, via);
  const save = useAct(endpoints.updateChannel, {
    refreshes: [endpoints.listChannels],
    isQuiet: true,
    onDone: () => {
      showDone(t('way.mailSaved'));
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ params: { id: channel.id }, body: changeOf(via, isOther && secret !== '' ? { [secretName]: secret } : {}) });
      }}
      noValidate
    >
      <Stack gap="md">
        {save.error ? <ProblemAlert error={save.error} /> : null}
        <WayFields
          values={via}
          onChange={(field, value) => setVia({ ...via, [field]: value })}
          ways={['proxy']}
          hint={t('way.mailHint')}
          straightHint={t('way.mailStraight')}
          keepsPassword={before !== null && before.hasPassword && !isOther}
        />
        {isOther ? (
          <PasswordInput
            label={t(`way.mailSecret.${secretName}`)}
            description={t('way.mailSecretAgain')}
            autoComplete="off"
            maxLength={5_000}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        ) : null}
        <FormEnd
          submit={t('channels:relay.save')}
          onCancel={onDone}
          isPending={save.isPending}
          isDisabled={(via.kind === 'proxy' && via.url.trim() === '') || (isOther && secret === '')}
        />
      </Stack>
    </form>
  );
}
