import { z } from 'zod';

/** What a channel says when it is told nothing. */
export const defaultListLabel = 'Choose';

/** WhatsApp hides more than three choices behind one button. */
export const listLabel = z
  .string()
  .min(1, 'Write what opens the list')
  .max(20, 'At most 20 characters')
  .default(defaultListLabel)
  .meta({ title: 'What opens a list of choices', placeholder: defaultListLabel, advanced: true });
