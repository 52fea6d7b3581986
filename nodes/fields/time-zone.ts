import { z } from 'zod';

const isKnown = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** An IANA time zone, checked against the list that the runtime knows. */
export const timeZone = z.string().refine(isKnown, 'Choose a time zone, for example Europe/Madrid or Africa/Nairobi').default('UTC');
