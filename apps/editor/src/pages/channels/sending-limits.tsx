import { endpoints, type Channel } from '@holdfast/contracts';
import { channelLimits } from '@holdfast/node-kit';
import { Anchor, Button, Checkbox, Group, Modal, NumberInput, Stack } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { fieldErrors } from '../../parts/field-errors.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showDone } from '../../shell/show-done.ts';
import {
  changedLimits,
  isMoreThanUsual,
  limitValues,
  mayBeEndless,
  usualLimits,
  type LimitName,
  type LimitValues,
} from './limit-values.ts';
import classes from './sending-limits.module.css';

/** How fast one channel may send, with what is usual for its kind beside it. */
export function SendingLimits({ channel, isOpen, onClose }: { channel: Channel; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const [values, usual] = [limitValues(channel), usualLimits(channel.kind)];
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('limits.title', { name: channel.name })} size="lg">
      {isOpen && values && usual ? (
        <LimitsForm key={JSON.stringify(values)} channel={channel} values={values} usual={usual} onDone={onClose} />
      ) : null}
    </Modal>
  );
}

interface LimitsFormProps {
  channel: Channel;
  values: LimitValues;
  usual: LimitValues;
  onDone: () => void;
}

function LimitsForm({ channel, values, usual, onDone }: LimitsFormProps) {
  const { t } = useTranslation(['channels', 'common']);
  const { t: tCommon } = useTranslation('common');
  const form = useForm<LimitValues>({
    initialValues: values,
    validate: (given) => fieldErrors(channelLimits, changedLimits(channel, given), tCommon),
  });
  const save = useAct(endpoints.updateChannel, {
    refreshes: [endpoints.listChannels],
    isQuiet: true,
    onDone: () => {
      showDone(t('limits.saved'));
      onDone();
    },
  });
  const submit = form.onSubmit((given) =>
    save.mutate({ params: { id: channel.id }, body: { settings: { limits: changedLimits(channel, given) } } }),
  );
  const field = (name: LimitName) => <LimitField key={name} name={name} form={form} usual={usual[name]} />;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <p className={classes.hint}>{t('limits.lead')}</p>
        {save.isError ? <ProblemAlert error={save.error} /> : null}
        <div className={classes.pair}>
          {field('perSecond')}
          {field('perDay')}
        </div>
        <Together title={t('limits.person')} means={t('limits.personMeans')}>
          {field('chatBurst')}
          {field('chatEverySeconds')}
        </Together>
        <Together title={t('limits.talk')} means={t('limits.talkMeans')}>
          {field('velocityPerMinute')}
          {field('velocityPerHour')}
        </Together>
        <p className={classes.hint}>
          <Trans t={t} i18nKey="limits.quietHours" components={{ a: <Anchor component={Link} to="/settings" inherit /> }} />
        </p>
        <Group justify="space-between" gap="xs">
          <Button variant="subtle" color="neutral" onClick={() => form.setValues(usual)}>
            {t('limits.reset')}
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={onDone}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('common:action.save')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function Together({ title, means, children }: { title: string; means: string; children: ReactNode }) {
  return (
    <fieldset className={classes.together}>
      <legend>{title}</legend>
      <p className={classes.hint}>{means}</p>
      <div className={classes.pair}>{children}</div>
    </fieldset>
  );
}

interface LimitFieldProps {
  name: LimitName;
  form: UseFormReturnType<LimitValues>;
  usual: number | string | null;
}

function LimitField({ name, form, usual }: LimitFieldProps) {
  const { t } = useTranslation('channels');
  const format = useFormat();
  const value = form.values[name];
  const usualText = typeof usual === 'number' ? t('limits.usual', { value: format.number(usual) }) : t('limits.usualNone');
  const means = name === 'perSecond' || name === 'perDay' ? `${t(`limits.${name}Means`)} ` : '';
  const isMore = isMoreThanUsual(name, value, usual);
  return (
    <div>
      <NumberInput
        label={t(`limits.${name}`)}
        description={
          <>
            {means}
            {usualText}
            {isMore ? <span className={classes.warn}> {t('limits.more')}</span> : null}
          </>
        }
        min={0}
        allowDecimal={name === 'perSecond' || name === 'chatEverySeconds'}
        allowNegative={false}
        hideControls
        {...format.separators}
        disabled={value === null}
        value={value ?? ''}
        onChange={(given) => form.setFieldValue(name, given)}
        error={form.errors[name]}
      />
      {mayBeEndless(name) ? (
        <Checkbox
          mt={8}
          size="xs"
          label={t('limits.noLimit')}
          aria-label={`${t(`limits.${name}`)}: ${t('limits.noLimit')}`}
          checked={value === null}
          onChange={(event) => form.setFieldValue(name, event.currentTarget.checked ? null : (usual ?? ''))}
        />
      ) : null}
    </div>
  );
}
