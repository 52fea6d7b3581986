import type { CallWindow } from '@holdfast/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';

const spans = { 1_000: 'second', 60_000: 'minute', 3_600_000: 'hour', 86_400_000: 'day' } as const;
type Span = (typeof spans)[keyof typeof spans];
const spanOf = (perMs: number): Span | null => Object.entries(spans).find(([ms]) => Number(ms) === perMs)?.[1] ?? null;

/** "10 calls a second and 500 calls a minute". */
export function useLimitWords(): (windows: readonly CallWindow[]) => string {
  const { t } = useTranslation('providers');
  const format = useFormat();
  return (windows) =>
    format.list(
      windows.map(({ count, perMs }) => {
        const span = spanOf(perMs);
        return span === null ? t('window.other', { count, time: format.span(perMs) }) : t(`window.${span}`, { count });
      }),
    );
}
