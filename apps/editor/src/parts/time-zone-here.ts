/** Where this browser is. */
export const timeZoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
