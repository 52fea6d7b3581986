// Twilio's own counting, written apart from the product's: GSM 03.38 basic characters, extension characters that cost two, else UCS-2.
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('^{}\\[~]|€');

export function segmentsOf(text: string): number {
  const isGsm = [...text].every((sign) => basic.has(sign) || extension.has(sign));
  const places = isGsm ? [...text].reduce((sum, sign) => sum + (extension.has(sign) ? 2 : 1), 0) : text.length;
  const [alone, joined] = isGsm ? [160, 153] : [70, 67];
  return Math.max(1, places <= alone ? 1 : Math.ceil(places / joined));
}
