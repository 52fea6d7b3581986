import { endpoints, type Channel, type MessageTemplateView } from '@holdfast/contracts';
import { templateFields, type JsonValue } from '@holdfast/node-kit';
import { Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useRead } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showDone } from '../../shell/show-done.ts';
import classes from './connect.module.css';

/** One message to a phone at hand, outside of all conversations. */
export function TestMessage({ channel, isOpen, onClose }: { channel: Channel; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('testMessage.title', { name: channel.name })}>
      {isOpen ? <TestForm channel={channel} onDone={onClose} /> : null}
    </Modal>
  );
}

/** Without values: what a test can send as it is. */
const isPlain = ({ status, isNamed, components }: MessageTemplateView): boolean =>
  status === 'approved' && templateFields({ isNamed, components: components as JsonValue[] }).every(({ kind }) => kind === 'payload'); // the answer's schema says JSON

function TestForm({ channel, onDone }: { channel: Channel; onDone: () => void }) {
  const { t } = useTranslation(['channels', 'common']);
  const [to, setTo] = useState('');
  const [text, setText] = useState(() => t('testMessage.words'));
  const [template, setTemplate] = useState<string | null>(null);
  const templates = useRead(endpoints.listMessageTemplates, {}, { enabled: channel.kind === 'whatsapp' });
  const plain = (templates.data?.items ?? []).filter((one) => one.channelId === channel.id && isPlain(one));
  const chosen = plain.find(({ name, language }) => `${name}/${language}` === template);
  const send = useAct(endpoints.sendTestMessage, {
    refreshes: [endpoints.listChannels],
    isQuiet: true,
    onDone: ({ problem }) => {
      if (problem) return;
      showDone(t('testMessage.sent', { to: to.trim() }));
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const body = {
          to: to.trim(),
          text: text.trim(),
          ...(chosen ? { template: { name: chosen.name, language: chosen.language } } : {}),
        };
        send.mutate({ params: { id: channel.id }, body });
      }}
    >
      <Stack gap="md">
        <p className={classes.hint}>{t('testMessage.hint')}</p>
        {send.isError ? <ProblemAlert error={send.error} /> : null}
        {send.data?.problem ? <ProblemAlert problem={send.data.problem} tone="warn" /> : null}
        <TextInput
          label={t(`testMessage.to.${channel.kind}`)}
          placeholder={channel.kind === 'whatsapp' || channel.kind === 'sms' ? '+254 700 000001' : ''}
          value={to}
          data-autofocus
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        {plain.length > 0 ? (
          <Select
            label={t('testMessage.template')}
            description={t('testMessage.templateHint')}
            data={plain.map(({ name, language }) => ({ value: `${name}/${language}`, label: `${name} · ${language}` }))}
            value={template}
            clearable
            onChange={setTemplate}
          />
        ) : null}
        {chosen ? null : (
          <Textarea
            label={t('testMessage.text')}
            autosize
            minRows={2}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <FormEnd
          submit={t('testMessage.send')}
          onCancel={onDone}
          isPending={send.isPending}
          isDisabled={to.trim() === '' || text.trim() === ''}
        />
      </Stack>
    </form>
  );
}
