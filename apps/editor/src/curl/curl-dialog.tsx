import { endpoints } from '@holdfast/contracts';
import type { JsonObject } from '@holdfast/node-kit';
import { Alert, Modal, Radio, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useMay, useRead } from '../client/index.ts';
import { FormEnd } from '../parts/form-end.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { readCurl, type CurlNote, type ReadCurl } from './read-curl.ts';
import css from './curl-dialog.module.css';

interface Props {
  /** Null: closed. */
  text: string | null;
  /** What the button says: a new step, or settings for this one. */
  act: 'add' | 'fill';
  onClose: () => void;
  onDone: (read: { config: JsonObject; host: string }) => void;
}

/** A pasted command, read into settings. Its secret never gets there: it becomes a connection, or is left out. */
export function CurlDialog({ text, act, onClose, onDone }: Props) {
  const { t } = useTranslation('curl');
  return (
    <Modal opened={text !== null} onClose={onClose} size={560} title={t('title')}>
      {text === null ? null : <CurlForm initial={text} act={act} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}

/** What becomes of the command's secret. */
type SecretWay = 'new' | 'existing' | 'none';

function CurlForm({ initial, act, onClose, onDone }: Omit<Props, 'text'> & { initial: string }) {
  const { t } = useTranslation(['curl', 'common']);
  const mayMake = useMay('credentials.manage');
  const [text, setText] = useState(initial);
  const [way, setWay] = useState<SecretWay>(mayMake ? 'new' : 'none');
  const [name, setName] = useState('');
  const [existing, setExisting] = useState<string | null>(null);
  const make = useAct(endpoints.createCredential, { refreshes: [endpoints.listCredentials], isQuiet: true });
  const read = readCurl(text);
  const finish = (credential: string | null) =>
    read && onDone({ host: read.host, config: { ...read.config, ...(credential === null ? {} : { credential }) } });
  const submit = () => {
    if (!read) return;
    if (read.secret === null || way === 'none') finish(null);
    else if (way === 'existing') finish(existing);
    else
      make.mutate(
        {
          body: {
            name: name.trim() || read.host,
            allowedHosts: [read.host],
            kind: read.secret.kind,
            settings: {},
            secret: { ...read.secret.secret },
          },
        },
        { onSuccess: ({ id }) => finish(id) },
      );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        {make.error ? <ProblemAlert error={make.error} /> : null}
        <Textarea
          label={t('text')}
          description={t('textHint')}
          rows={6}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          styles={{ input: { fontFamily: 'var(--font-data)', fontSize: 12 } }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {read ? <Summary read={read} /> : text.trim() === '' ? null : <Text size="sm">{t('unreadable')}</Text>}
        {read?.secret ? (
          <SecretChoice
            host={read.host}
            kind={read.secret.kind}
            way={mayMake || way !== 'new' ? way : 'none'}
            name={name}
            existing={existing}
            onWay={setWay}
            onName={setName}
            onExisting={setExisting}
          />
        ) : null}
        <FormEnd submit={t(act === 'add' ? 'add' : 'fill')} onCancel={onClose} isPending={make.isPending} isDisabled={read === null} />
      </Stack>
    </form>
  );
}

function Summary({ read: { config, notes } }: { read: ReadCurl }) {
  const { t } = useTranslation('curl');
  return (
    <div className={css.summary}>
      <code>{[config['method'], config['url']].filter((part) => typeof part === 'string').join(' ')}</code>
      {notes.length === 0 ? null : (
        <ul>
          {notes.map((note) => (
            <li key={`${note.what}${note.name}`}>{wordsOf(t, note)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const wordsOf = (t: ReturnType<typeof useTranslation<'curl'>>['t'], { what, name }: CurlNote): string => t(`note.${what}`, { name });

interface ChoiceProps {
  host: string;
  kind: 'basic' | 'bearer' | 'header' | 'query';
  way: SecretWay;
  name: string;
  existing: string | null;
  onWay: (way: SecretWay) => void;
  onName: (name: string) => void;
  onExisting: (id: string | null) => void;
}

function SecretChoice({ host, kind, way, name, existing, onWay, onName, onExisting }: ChoiceProps) {
  const { t } = useTranslation(['curl', 'connections']);
  const mayMake = useMay('credentials.manage');
  const credentials = useRead(endpoints.listCredentials, {}, { enabled: mayMake });
  const known = (credentials.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }));
  const choose = (chosen: string) => onWay(chosen === 'new' || chosen === 'existing' ? chosen : 'none');
  return (
    <Alert color="info" title={t('secret.title', { kind: t(`connections:kind.${kind}.name`) })}>
      <Stack gap="sm">
        <Text size="sm">{t(mayMake ? 'secret.text' : 'secret.mayNot')}</Text>
        {mayMake ? (
          <Radio.Group value={way} onChange={choose} aria-label={t('secret.way')}>
            <Stack gap={8}>
              <Radio value="new" label={t('secret.new')} />
              {known.length > 0 ? <Radio value="existing" label={t('secret.existing')} /> : null}
              <Radio value="none" label={t('secret.none')} />
            </Stack>
          </Radio.Group>
        ) : null}
        {way === 'new' ? (
          <TextInput
            label={t('secret.name')}
            description={t('secret.bound', { host })}
            placeholder={host}
            maxLength={120}
            value={name}
            onChange={(event) => onName(event.currentTarget.value)}
          />
        ) : null}
        {way === 'existing' ? (
          <Select aria-label={t('secret.existing')} data={known} value={existing} searchable={known.length > 8} onChange={onExisting} />
        ) : null}
      </Stack>
    </Alert>
  );
}
