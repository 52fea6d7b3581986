import { v7 as uuidv7 } from 'uuid';

const prefixes = {
  workspace: 'ws',
  flow: 'flow',
  run: 'run',
  channel: 'chan',
  contact: 'cont',
  identity: 'iden',
  contactNote: 'note',
  contactMerge: 'merge',
  conversation: 'conv',
  message: 'msg',
  inbox: 'in',
  handoff: 'hand',
  override: 'over',
  repair: 'rep',
  credential: 'cred',
  file: 'file',
  answer: 'answ',
  llmCall: 'llm',
  audit: 'aud',
  alertRoute: 'route',
  alert: 'alert',
  backup: 'bkup',
  mirror: 'mirr',
  refusal: 'ref',
  service: 'svc',
  process: 'proc',
  user: 'user',
  session: 'sess',
  account: 'acct',
  member: 'memb',
  apiKey: 'key',
} as const;

/** A prefixed id that sorts by its time of making (UUIDv7 body). */
export const newId = (kind: keyof typeof prefixes): string => `${prefixes[kind]}_${uuidv7().replaceAll('-', '')}`;
