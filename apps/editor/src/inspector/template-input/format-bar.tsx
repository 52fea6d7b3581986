import { IconBold, IconItalic, IconLink, IconList, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Formatting } from './format-text.ts';
import css from './format-bar.module.css';

const tools: readonly { formatting: Formatting; Icon: Icon; key?: string }[] = [
  { formatting: 'bold', Icon: IconBold, key: 'B' },
  { formatting: 'italic', Icon: IconItalic, key: 'I' },
  { formatting: 'list', Icon: IconList },
  { formatting: 'link', Icon: IconLink, key: 'K' },
];
const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl+';

/** Small signs above a text that can be formatted. They leave the caret where it is. */
export function FormatBar({ onFormat }: { onFormat: (formatting: Formatting) => void }) {
  const { t } = useTranslation('inspector');
  return (
    <div className={css.bar} role="toolbar" aria-label={t('format.label')}>
      {tools.map(({ formatting, Icon, key }) => {
        const name = t(`format.${formatting}`);
        return (
          <button
            key={formatting}
            type="button"
            className={css.tool}
            aria-label={name}
            title={key === undefined ? name : `${name} (${modifier}${key})`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onFormat(formatting)}
          >
            <Icon size={15} stroke={1.75} aria-hidden />
          </button>
        );
      })}
    </div>
  );
}
