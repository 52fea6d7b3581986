import type { Channel } from '@holdfast/contracts';
import { Anchor, Button, Code, Group, Modal, Stack } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import classes from './connect.module.css';
import type { Connecting } from './use-connect-form.ts';

interface ConnectDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** Once connected; "Connected" when left out. */
  doneTitle?: string;
  form: (onMade: (channel: Channel) => void) => ReactNode;
  done: (channel: Channel, close: () => void) => ReactNode;
}

/** Connecting in two pages: what the provider gave, then that it works and what comes next. */
export function ConnectDialog({ isOpen, onClose, title, doneTitle, form, done }: ConnectDialogProps) {
  const { t } = useTranslation('channels');
  const [made, setMade] = useState<Channel | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={isOpen} onClose={close} title={made ? (doneTitle ?? t('connected.title')) : title} size="lg">
      {made ? done(made, close) : form(setMade)}
    </Modal>
  );
}

const steps = {
  telegram: { keys: ['connect.step.open', 'connect.step.make', 'connect.step.copy'], page: 'https://t.me/BotFather' },
  whatsapp: {
    keys: ['whatsapp.step.app', 'whatsapp.step.ids', 'whatsapp.step.token', 'whatsapp.step.secret'],
    page: 'https://developers.facebook.com/apps',
  },
  sms: { keys: ['sms.step.open', 'sms.step.copy', 'sms.step.number'], page: 'https://console.twilio.com' },
} as const;

/** What to do at the provider's first. */
function Steps({ kind }: { kind: keyof typeof steps }) {
  const { t } = useTranslation('channels');
  const { keys, page } = steps[kind];
  return (
    <ol className={classes.steps}>
      {keys.map((key) => (
        <li key={key}>
          <Trans t={t} i18nKey={key} components={{ code: <Code />, a: <Anchor href={page} target="_blank" rel="noreferrer" /> }} />
        </li>
      ))}
    </ol>
  );
}

interface ConnectFormProps<Values> {
  connecting: Connecting<Values>;
  steps?: keyof typeof steps;
  /** What will happen with what is there already. */
  promise?: string;
  children: ReactNode;
}

export function ConnectForm<Values>({ connecting, steps: kind, promise, children }: ConnectFormProps<Values>) {
  const { t } = useTranslation('channels');
  return (
    <form onSubmit={connecting.submit} noValidate>
      <Stack gap="lg">
        {kind === undefined ? null : <Steps kind={kind} />}
        {connecting.error ? <ProblemAlert error={connecting.error} /> : null}
        {children}
        {promise === undefined ? null : <p className={classes.hint}>{promise}</p>}
        <Group justify="flex-end">
          <Button type="submit" loading={connecting.isPending}>
            {t('connect.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
