import { endpoints, type Channel } from '@holdfast/contracts';
import { Button, Code, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHelp, IconInfoCircle, type Icon } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { accountOf } from './account-of.ts';
import { CopyField } from './copy-field.tsx';
import type { MailRecord } from './mail-records.ts';
import classes from './mail-records.module.css';

interface Props {
  channel: Channel;
  records: readonly MailRecord[];
  isOpen: boolean;
  onClose: () => void;
}

const glyphs: Record<MailRecord['state'], Icon> = {
  good: IconCircleCheck,
  weak: IconInfoCircle,
  bad: IconAlertTriangle,
  unknown: IconHelp,
};

const domainOf = (channel: Channel): string => (accountOf(channel) ?? '').replace(/^.*@/, '');
const selectorOf = ({ config }: Channel): string => (typeof config['dkimSelector'] === 'string' ? config['dkimSelector'] : '');

/** What stands in DNS about the domain, what is wrong with it, and what to put there. */
export function MailRecords({ channel, records, isOpen, onClose }: Props) {
  const { t } = useTranslation('channels');
  return (
    <Modal opened={isOpen} onClose={onClose} size="lg" title={t('records.title', { domain: domainOf(channel) })}>
      <Stack gap="lg">
        <p className={classes.lead}>{t('records.lead')}</p>
        {records.map((record) => (
          <Finding key={record.record} finding={record} />
        ))}
        <Checks channel={channel} />
      </Stack>
    </Modal>
  );
}

function Finding({ finding: { record, state, says, about = '', found, put } }: { finding: MailRecord }) {
  const { t } = useTranslation('channels');
  const Glyph = glyphs[state];
  return (
    <section className={classes.finding} data-state={state}>
      <h3>
        <Glyph size={18} stroke={1.5} aria-hidden />
        {t(`records.name.${record}`)}
        <span className={classes.state}>{t(`records.state.${state}`)}</span>
      </h3>
      <p>{wordsOf(t, { record, says, about })}</p>
      {found === undefined ? null : (
        <div>
          <span className={classes.label}>{t('records.found')}</span>
          <Code block>{found}</Code>
        </div>
      )}
      {put ? (
        <div className={classes.put}>
          <CopyField label={t('records.putName')} value={put.name} />
          <CopyField label={t('records.putValue')} value={put.value} />
        </div>
      ) : null}
    </section>
  );
}

/** A key has a name of its own, and nobody here can make it. */
function wordsOf(t: TFunction<'channels'>, { record, says, about }: Required<Pick<MailRecord, 'record' | 'says' | 'about'>>): string {
  if (says === 'good') return t(`records.fine.${record}`);
  if (says === 'missing' && record === 'dkim') return t('records.noKey', { about });
  return t(`records.says.${says}`, { record: t(`records.name.${record}`), about });
}

/** The selector, which nobody can look up, and another look. */
function Checks({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const mayManage = useMay('channels.manage');
  const [selector, setSelector] = useState(selectorOf(channel));
  const options = { refreshes: [endpoints.listChannels], isQuiet: true };
  const update = useAct(endpoints.updateChannel, options);
  const again = useAct(endpoints.testChannel, options);
  if (!mayManage) return null;
  const error = update.error ?? again.error;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate({ params: { id: channel.id }, body: { settings: { dkimSelector: selector.trim() } } });
      }}
    >
      <Stack gap="md">
        {error ? <ProblemAlert error={error} /> : null}
        <TextInput
          label={t('records.selector')}
          description={t('records.selectorHint')}
          placeholder="selector1"
          maxLength={63}
          value={selector}
          onChange={(event) => setSelector(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate({ params: { id: channel.id } })}>
            {t('records.again')}
          </Button>
          <Button type="submit" loading={update.isPending} disabled={selector.trim() === selectorOf(channel)}>
            {t('records.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
