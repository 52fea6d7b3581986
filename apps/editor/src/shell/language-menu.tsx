import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languages, type Language } from '../i18n/i18n.ts';

/** Each language in its own words, so that nobody is stuck in one they can't read. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español' };

export function LanguageMenu() {
  const { t, i18n } = useTranslation('shell');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('language')}>
          <ActionIcon aria-label={t('language')}>
            <IconLanguage size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <LanguageItems current={i18n.language} />
      </Menu.Dropdown>
    </Menu>
  );
}

export const LanguageItems = ({ current }: { current: string }) =>
  languages.map((language) => (
    <Menu.Item
      key={language}
      lang={language}
      onClick={() => void chooseLanguage(language)}
      rightSection={current === language ? <IconCheck size={16} stroke={1.5} /> : null}
    >
      {languageNames[language]}
    </Menu.Item>
  ));
