/** How often, as people choose it; everything else is written as cron. */
export const backupTimes = { hours: '0 */6 * * *', daily: '0 3 * * *', weekly: '0 3 * * 0' } as const;
export type BackupTime = keyof typeof backupTimes | 'own';

const names = ['hours', 'daily', 'weekly'] as const;

export const timeOf = (cron: string): BackupTime => names.find((name) => backupTimes[name] === cron.trim()) ?? 'own';
