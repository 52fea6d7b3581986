import { NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { OneSetting } from './one-setting.tsx';

/** How often connections are tried by themselves. */
export function WatchInterval({ minutes }: { minutes: number }) {
  const { t } = useTranslation('health');
  return (
    <OneSetting title={t('interval.title')} lead={t('interval.lead')} setting="probeEveryMinutes" value={minutes}>
      {(input) => <NumberInput {...input} suffix={t('interval.minutes')} min={5} max={1_440} allowDecimal={false} w={160} />}
    </OneSetting>
  );
}
