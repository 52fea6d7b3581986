import type { Permission } from '@holdfast/contracts';

interface SettingsTab {
  name: 'workspace' | 'people' | 'keys' | 'alerts' | 'email' | 'models' | 'backups' | 'mirror' | 'audit';
  needs: Permission;
}

export const settingsTabs: readonly SettingsTab[] = [
  { name: 'workspace', needs: 'settings.read' },
  { name: 'people', needs: 'members.read' },
  { name: 'keys', needs: 'keys.manage' },
  { name: 'alerts', needs: 'settings.read' },
  { name: 'email', needs: 'settings.read' },
  { name: 'models', needs: 'settings.read' },
  { name: 'backups', needs: 'backups.manage' },
  { name: 'mirror', needs: 'mirror.manage' },
  { name: 'audit', needs: 'audit.read' },
];
export type TabName = SettingsTab['name'];

export const isTabName = (name: string | undefined): name is TabName => settingsTabs.some((tab) => tab.name === name);
