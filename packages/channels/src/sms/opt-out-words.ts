/** What Twilio itself obeys on a number without Advanced Opt-Out, in any case. After one of these it refuses our messages (21610). */
const twilioStop = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const twilioStart = new Set(['START', 'YES', 'UNSTOP']);
const twilioHelp = new Set(['HELP', 'INFO']);
/** Spanish and Portuguese words that mean nothing else on their own. Twilio does not know them, so we obey. */
const ourStop = new Set(['ALTO', 'PARAR', 'BAJA', 'DETENER', 'SAIR', 'REMOVER']);
const ourStart = new Set(['ALTA', 'INICIAR', 'REANUDAR']);
const ourHelp = new Set(['AYUDA', 'AJUDA']);

export type OptOutWord = 'stop' | 'start' | 'help';

/**
 * Whether a message is nothing but one of the words that rule whether we may write. `advanced` accounts have words of their own, and Twilio says
 * in OptOutType which one it was.
 */
export function optOutWord(text: string, optOutType: string, isAdvanced: boolean): OptOutWord | null {
  const told = optOutType.toUpperCase();
  if (told === 'STOP' || told === 'START' || told === 'HELP') return told.toLowerCase() as OptOutWord; // the three words above
  if (isAdvanced) return null;
  const word = text
    .normalize('NFC')
    .trim()
    .replaceAll(/^[¡"'“]+|[!."'”]+$/g, '')
    .toUpperCase();
  if (twilioStop.has(word) || ourStop.has(word)) return 'stop';
  if (twilioStart.has(word) || ourStart.has(word)) return 'start';
  return twilioHelp.has(word) || ourHelp.has(word) ? 'help' : null;
}

/** "Yes" is an answer as well; only to somebody who had stopped does it mean "write to me again". */
export const isAlsoAnAnswer = (text: string): boolean => text.trim().toUpperCase() === 'YES';
