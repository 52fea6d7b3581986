import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

const schemes = [
  { name: 'light', icon: IconSun },
  { name: 'dark', icon: IconMoon },
  { name: 'auto', icon: IconDeviceDesktop },
] as const;

export function ThemeMenu() {
  const { t } = useTranslation('shell');
  const { colorScheme } = useMantineColorScheme();
  const Glyph = schemes.find(({ name }) => name === colorScheme)?.icon ?? IconDeviceDesktop;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('theme.label')}>
          <ActionIcon aria-label={t('theme.label')}>
            <Glyph size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <ThemeItems />
      </Menu.Dropdown>
    </Menu>
  );
}

export function ThemeItems() {
  const { t } = useTranslation('shell');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return schemes.map(({ name, icon: Glyph }) => (
    <Menu.Item
      key={name}
      leftSection={<Glyph size={16} stroke={1.5} />}
      onClick={() => setColorScheme(name)}
      rightSection={colorScheme === name ? <IconCheck size={16} stroke={1.5} /> : null}
    >
      {t(`theme.${name}`)}
    </Menu.Item>
  ));
}
