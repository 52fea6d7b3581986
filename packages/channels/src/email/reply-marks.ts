/**
 * The words by which mail programs announce what they quote. Collected from Gmail, Apple Mail, Outlook, Thunderbird, Yahoo and Proton in
 * English, Spanish, Portuguese, French, German and Italian, with Dutch, Polish, Swedish, Danish, Norwegian and Russian beside them.
 */

/** "On Monday, Ana wrote:". Only together with a date or an address, so that a customer's own "he wrote:" stays. */
export const wroteVerbs =
  /(?:^|[\s,;>])(?:wrote|writes|escribió|escribio|escreveu|a écrit|a ecrit|écrit|schrieb|ha scritto|scritto|schreef|napisał(?:\(a\)|a)?|pisze|skrev|написал(?:а)?|пишет)(?=$|[\s:,：])/iu;

/** The first line of a forwarded mail. What follows is what the sender wants us to read. */
export const forwarded =
  /^[\s>*_-]*(?:begin forwarded message|forwarded message|(?:inicio del )?mensaje reenviado|mensagem (?:reencaminhada|encaminhada)|message transf[ée]r[ée]|début du message (?:transféré|réexpédié)|(?:anfang der )?weitergeleitete(?:n)? nachricht|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht)\b[\s:*_-]*$/iu;

/** "-----Original Message-----". */
export const original =
  /^[\s*_-]*-{2,}\s*(?:original message|mensaje original|mensagem original|message d['’]origine|message original|ursprüngliche nachricht|original-nachricht|messaggio originale|oorspronkelijk bericht|oryginalna wiadomość|originalmeddelande|oprindelig meddelelse|opprinnelig melding)\s*-{2,}\s*$/iu;

const labels = (words: string): RegExp => new RegExp(`^[*\\s]{0,4}(?:${words})[*\\s]{0,4}[:：]`, 'iu');
/** Outlook's header block: who, and then at least two of when, to whom and about what. */
export const headerFrom = labels('from|de|von|da|van|od|från|fra|от');
export const headerOthers = [
  labels('sent|date|enviado(?: el| em)?|fecha|data|envoyé|date|gesendet|datum|inviato|verzonden|wysłano|skickat|sendt|дата|отправлено'),
  labels('to|para|à|an|a|aan|do|till|til|кому'),
  labels('subject|asunto|assunto|objet|betreff|oggetto|onderwerp|temat|ämne|emne|тема'),
];

/** What phones and apps add below. */
export const appSignature =
  /^[\s*_-]*(?:sent from (?:my|yahoo|outlook|mail|proton|samsung|the)\b|sent (?:with|via) (?:proton|yahoo|outlook|spark|gmail)\b|get outlook for\b|enviado (?:desde|do|de|a partir do|con|com)\b.{0,60}$|obtener outlook para\b|obter o outlook para\b|envoyé (?:de|depuis|à partir)\b.{0,60}$|télécharger outlook pour\b|obtenir outlook pour\b|von meinem .{1,40} gesendet|gesendet (?:mit|von)\b.{0,60}$|outlook für .{1,20} (?:beziehen|herunterladen)|inviato da(?:l|lla)?\b.{0,60}$|scarica outlook per\b|ottieni outlook per\b|verstuurd vanaf\b|verzonden vanaf\b|wysłane z\b|skickat från\b|sendt fra\b)/iu;

/** How people end a letter. Not "thanks": an answer may follow it. */
export const farewell =
  /^(?:(?:with )?(?:best|kind|warm|warmest|many)?\s?(?:regards|wishes)|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|cheers|(?:un (?:cordial )?|muchos |reciba un cordial )?saludos?(?: cordiales)?|(?:muy )?atentamente|un abrazo|abrazos|atenciosamente|att\.?|(?:um )?abraços?|cumprimentos|(?:com os )?melhores cumprimentos|(?:bien )?cordialement|(?:meilleures |sincères )?salutations(?: distinguées)?|bien à vous|mit (?:freundlichen|besten|herzlichen) grü(?:ß|ss)en|(?:viele|liebe|beste|freundliche|herzliche|schöne) grü(?:ß|ss)e|mfg|cordiali saluti|distinti saluti|(?:tanti )?saluti|un saluto)\s*[,.!]?\s*$/iu;
