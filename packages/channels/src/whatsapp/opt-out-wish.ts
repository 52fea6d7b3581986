import type { EventDraft } from './parse-message.ts';

// Meta obeys none of them; it asks us to. Alone in a message they mean nothing else, in their languages.
const stop = new Set(
  'STOP STOPALL STOPP UNSUBSCRIBE OPTOUT OPT-OUT ALTO BAJA PARAR DETENER SAIR REMOVER ARRET ARRÊT DESABONNER DÉSABONNER ABMELDEN CANCELLA إلغاء توقف'.split(
    ' ',
  ),
);
const start = new Set('START UNSTOP OPTIN OPT-IN ALTA INICIAR REANUDAR'.split(' '));

/** Unlike the message's own. */
export const wishId = (messageId: string): string => `${messageId}:wish`;

/**
 * "STOP", written or tapped in a template (its type is `button`; the choices of a question are `interactive`, and mean what the flow means): no marketing from
 * then on. It is a message all the same, and a flow may answer it.
 */
export function optOutWish(event: EventDraft, type: string): EventDraft[] {
  if ((type !== 'text' && type !== 'button') || event.isGroup) return [];
  const said = [event.text, event.button?.id ?? ''].map((text) =>
    text
      .normalize('NFC')
      .trim()
      .replaceAll(/^[¡"'“]+|[!."'”]+$/g, '')
      .toUpperCase(),
  );
  const isAllowed = said.some((word) => start.has(word));
  if (!isAllowed && !said.some((word) => stop.has(word))) return [];
  const { eventId, address, contact, sentAt, isGroup } = event;
  const wish: EventDraft = { eventId: wishId(eventId), kind: 'preference', address, contact, sentAt, isGroup, text: '', attachments: [] };
  return [{ ...wish, preference: { purpose: 'marketing', isAllowed } }];
}
