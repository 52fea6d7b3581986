import { endpoints, type Channel } from '@holdfast/contracts';
import { Button, Group, Modal, NumberInput, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showDone } from '../../shell/show-done.ts';
import { accountOf } from './account-of.ts';
import connect from './connect.module.css';
import classes from './connect-email.module.css';
import { mailWayOf } from './mail-way.tsx';

const securities = ['tls', 'starttls', 'none'] as const;
const relayConfig = z.object({
  host: z.string(),
  port: z.number(),
  security: z.enum(securities),
  user: z.string(),
  from: z.string().default(''),
  isStraight: z.boolean().default(false),
});
type Relay = z.infer<typeof relayConfig>;
const none: Relay = { host: '', port: 587, security: 'starttls', user: '', from: '', isStraight: false };

/** Another way out for mails that the first one, or whom it delivers to, blocks. */
export function SecondRelay({ channel, isOpen, onClose }: { channel: Channel; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <Modal opened={isOpen} onClose={onClose} size="lg" title={t('relay.title')}>
      {isOpen ? <RelayForm channel={channel} onDone={onClose} /> : null}
    </Modal>
  );
}

function RelayForm({ channel, onDone }: { channel: Channel; onDone: () => void }) {
  const { t } = useTranslation(['channels', 'common', 'ways']);
  const stored = relayConfig.safeParse(channel.config['relay']);
  const [relay, setRelay] = useState(stored.success ? stored.data : none);
  const [password, setPassword] = useState('');
  const options = { refreshes: [endpoints.listChannels], isQuiet: true };
  const save = useAct(endpoints.updateChannel, {
    ...options,
    onDone: () => {
      showDone(t('relay.saved'));
      onDone();
    },
  });
  const remove = useAct(endpoints.updateChannel, { ...options, onDone });
  const change = (given: Partial<Relay>) => setRelay({ ...relay, ...given });
  const params = { id: channel.id };
  const error = save.error ?? remove.error;
  const isComplete = relay.host.trim() !== '' && relay.user.trim() !== '' && (stored.success || password !== '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const trimmed = { ...relay, host: relay.host.trim(), user: relay.user.trim(), from: relay.from.trim() };
        save.mutate({
          params,
          body: { settings: { relay: trimmed }, ...(password === '' ? {} : { secrets: { relayPassword: password } }) },
        });
      }}
    >
      <Stack gap="md">
        <p className={connect.hint}>{t('relay.hint')}</p>
        {error ? <ProblemAlert error={error} /> : null}
        <RelayServer relay={relay} onChange={change} />
        <RelayLogin relay={relay} password={password} isKept={stored.success} onChange={change} onPassword={setPassword} />
        <TextInput
          label={t('relay.from')}
          description={t('relay.fromHint')}
          placeholder={accountOf(channel) ?? ''}
          autoComplete="off"
          value={relay.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        {mailWayOf(channel) === null ? null : (
          <Switch
            label={t('ways:way.relayStraight')}
            checked={relay.isStraight}
            onChange={(event) => change({ isStraight: event.currentTarget.checked })}
          />
        )}
        <Group justify="space-between" gap="xs">
          {stored.success ? (
            <Button
              variant="subtle"
              color="bad"
              loading={remove.isPending}
              onClick={() => remove.mutate({ params, body: { settings: { relay: null } } })}
            >
              {t('relay.remove')}
            </Button>
          ) : (
            <span />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onDone}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!isComplete}>
              {t('relay.save')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  relay: Relay;
  onChange: (given: Partial<Relay>) => void;
}

function RelayServer({ relay, onChange }: PartProps) {
  const { t } = useTranslation('channels');
  return (
    <fieldset className={classes.server}>
      <legend>{t('relay.server')}</legend>
      <TextInput
        label={t('email.host')}
        placeholder="smtp.relay.example"
        autoComplete="off"
        data-autofocus
        value={relay.host}
        onChange={(event) => onChange({ host: event.currentTarget.value })}
      />
      <NumberInput
        label={t('email.port')}
        hideControls
        min={1}
        max={65_535}
        value={relay.port}
        onChange={(port) => onChange({ port: Number(port) || 587 })}
      />
      <Select
        label={t('email.security')}
        allowDeselect={false}
        data={securities.map((value) => ({ value, label: t(`email.secure.${value}`) }))}
        value={relay.security}
        onChange={(value) => onChange({ security: securities.find((one) => one === value) ?? relay.security })}
      />
    </fieldset>
  );
}

interface LoginProps extends PartProps {
  password: string;
  /** One is stored: it stays when none is entered. */
  isKept: boolean;
  onPassword: (password: string) => void;
}

function RelayLogin({ relay, password, isKept, onChange, onPassword }: LoginProps) {
  const { t } = useTranslation('channels');
  return (
    <div className={classes.pair}>
      <TextInput
        label={t('relay.user')}
        autoComplete="off"
        value={relay.user}
        onChange={(event) => onChange({ user: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('relay.password')}
        placeholder={isKept ? t('relay.kept') : ''}
        autoComplete="off"
        maxLength={1_000}
        value={password}
        onChange={(event) => onPassword(event.currentTarget.value)}
      />
    </div>
  );
}
