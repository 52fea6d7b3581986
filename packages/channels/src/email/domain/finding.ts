/** How one of a domain's records stands. `weak` works, and could be better. */
export interface RecordFinding {
  record: 'spf' | 'dkim' | 'dmarc';
  state: 'good' | 'weak' | 'bad' | 'unknown';
  /** What it is, for the words that people read (editor: channels.json, `mail.record`). */
  says: RecordSays;
  /** What fills in the words. */
  about?: string;
  /** What is there now. */
  found?: string;
  /** What to put into DNS, exactly. */
  put?: { name: string; value: string };
}

export type RecordSays =
  | 'good'
  | 'missing'
  | 'several'
  | 'unreadable'
  | 'unanswered'
  | 'too-many-lookups'
  | 'relay-missing'
  | 'anybody'
  | 'no-end'
  | 'no-selector'
  | 'guessed'
  | 'revoked'
  | 'short-key'
  | 'testing'
  | 'not-aligned'
  | 'monitoring'
  | 'partly'
  | 'nothing-aligned';
