import { describe, expect, test } from 'vitest';
import { maxReplyLength, stripReply } from './strip-reply.ts';

const samples: [name: string, mail: string, said: string][] = [
  [
    'Gmail, English',
    'Yes, the blue one please.\n\nOn Mon, Nov 16, 2026 at 10:02 AM Kelp Shop <support@kelp.example> wrote:\n\n> Which colour would you like?\n>\n> Blue or green?\n',
    'Yes, the blue one please.',
  ],
  [
    'Gmail, English, attribution broken over lines',
    'It arrived.\n\nOn Mon, Nov 16, 2026 at 10:02 AM Kelp Shop Customer Support Team\n<support@kelp.example> wrote:\n\n> Has it arrived?\n',
    'It arrived.',
  ],
  [
    'Gmail, Spanish',
    'Sí, el azul.\n\nEl lun, 16 nov 2026 a las 10:02, Tienda Kelp (<soporte@kelp.example>) escribió:\n\n> ¿Qué color quieres?\n',
    'Sí, el azul.',
  ],
  [
    'Gmail, Portuguese',
    'Sim, o azul.\n\nEm seg., 16 de nov. de 2026 às 10:02, Loja Kelp <suporte@kelp.example>\nescreveu:\n\n> Qual cor?\n',
    'Sim, o azul.',
  ],
  [
    'Gmail, French',
    'Oui, le bleu.\n\nLe lun. 16 nov. 2026 à 10:02, Boutique Kelp <aide@kelp.example> a écrit :\n\n> Quelle couleur ?\n',
    'Oui, le bleu.',
  ],
  [
    'Gmail, German',
    'Ja, die blaue.\n\nAm Mo., 16. Nov. 2026 um 10:02 Uhr schrieb Kelp Laden <hilfe@kelp.example>:\n\n> Welche Farbe?\n',
    'Ja, die blaue.',
  ],
  [
    'Gmail, Italian',
    'Sì, quello blu.\n\nIl giorno lun 16 nov 2026 alle ore 10:02 Negozio Kelp <aiuto@kelp.example> ha scritto:\n\n> Che colore?\n',
    'Sì, quello blu.',
  ],
  [
    'Apple Mail with its signature',
    'Please cancel it.\n\nSent from my iPhone\n\n> On 16 Nov 2026, at 10:02, Kelp Shop <support@kelp.example> wrote:\n> \n> Your order is on its way.\n',
    'Please cancel it.',
  ],
  [
    'Apple Mail, German, attribution not quoted',
    'Bitte stornieren.\n\nVon meinem iPhone gesendet\n\n> Am 16.11.2026 um 10:02 schrieb Kelp Laden <hilfe@kelp.example>:\n> \n> Unterwegs.\n',
    'Bitte stornieren.',
  ],
  [
    'Outlook, English',
    'Where is it?\n\nAna Kelp\n\n________________________________\nFrom: Kelp Shop <support@kelp.example>\nSent: Monday, November 16, 2026 10:02 AM\nTo: Ana Kelp <ana@example.com>\nSubject: Re: Order A-117\n\nIt left today.\n',
    'Where is it?\n\nAna Kelp',
  ],
  [
    'Outlook, Spanish, bold labels',
    '¿Dónde está?\n\n*De:* Tienda Kelp <soporte@kelp.example>\n*Enviado el:* lunes, 16 de noviembre de 2026 10:02\n*Para:* Ana <ana@example.com>\n*Asunto:* RE: Pedido A-117\n\nSalió hoy.\n',
    '¿Dónde está?',
  ],
  [
    'Outlook, German',
    'Wo ist es?\n\nVon: Kelp Laden <hilfe@kelp.example>\nGesendet: Montag, 16. November 2026 10:02\nAn: Ana <ana@example.com>\nBetreff: AW: Bestellung A-117\n\nEs ging heute raus.\n',
    'Wo ist es?',
  ],
  [
    'Outlook, Portuguese',
    'Onde está?\n\nDe: Loja Kelp <suporte@kelp.example>\nEnviado: segunda-feira, 16 de novembro de 2026 10:02\nPara: Ana <ana@example.com>\nAssunto: Re: Pedido\n\nSaiu hoje.\n',
    'Onde está?',
  ],
  [
    'Outlook, French',
    'Où est-il ?\n\nDe : Boutique Kelp <aide@kelp.example>\nEnvoyé : lundi 16 novembre 2026 10:02\nÀ : Ana <ana@example.com>\nObjet : RE: Commande\n\nParti.\n',
    'Où est-il ?',
  ],
  [
    'Outlook, Italian',
    'Dov’è?\n\nDa: Negozio Kelp <aiuto@kelp.example>\nInviato: lunedì 16 novembre 2026 10:02\nA: Ana <ana@example.com>\nOggetto: R: Ordine\n\nPartito.\n',
    'Dov’è?',
  ],
  [
    'Outlook for phones',
    'Yes.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Kelp Shop <support@kelp.example>\nSent: Monday, November 16, 2026 10:02:11 AM\nTo: Ana <ana@example.com>\nSubject: Order\n\nOK?\n',
    'Yes.',
  ],
  ['an old Outlook', 'Fine.\r\n\r\n-----Original Message-----\r\nFrom: Kelp\r\nSubject: x\r\n\r\nWould Tuesday do?', 'Fine.'],
  ['an old Outlook in German', 'Gut.\n\n-----Ursprüngliche Nachricht-----\nVon: Kelp\n\nDienstag?', 'Gut.'],
  [
    'Thunderbird, answer below',
    'On 11/16/26 10:02, Kelp Shop wrote:\n> Which colour?\n\nBlue, please.\n\n-- \nAna Kelp\n+34 600 000 000\n',
    'Blue, please.',
  ],
  ['answers between the quoted lines', 'On 16.11.2026 10:02, Kelp Shop wrote:\n> Which colour?\nBlue.\n> How many?\nTwo.\n', 'Blue.\nTwo.'],
  [
    'Yahoo, not quoted with marks',
    'Tomorrow is fine.\n\nOn Monday, November 16, 2026 at 10:02:11 AM GMT+1, Kelp Shop <support@kelp.example> wrote:\n\nIs tomorrow fine?\n',
    'Tomorrow is fine.',
  ],
  [
    'a farewell with a card',
    'Can I still change it?\n\nBest regards,\nAna Kelp\nKelp & Sons Ltd\n+34 600 000 000',
    'Can I still change it?',
  ],
  ['a Spanish farewell', 'Quiero devolverlo.\n\nUn saludo,\nAna', 'Quiero devolverlo.'],
  ['a German farewell', 'Ich möchte es umtauschen.\n\nMit freundlichen Grüßen\n\nAna Kelp', 'Ich möchte es umtauschen.'],
  ['a French farewell', 'Je veux le rendre.\n\nCordialement,\nAna', 'Je veux le rendre.'],
  ['an Italian farewell', 'Vorrei renderlo.\n\nCordiali saluti\nAna', 'Vorrei renderlo.'],
  ['a Portuguese farewell', 'Quero devolver.\n\nAtenciosamente,\nAna', 'Quero devolver.'],
];

describe('stripReply leaves what was written now', () => {
  test.each(samples)('%s', (_name, mail, said) => expect(stripReply(mail)).toBe(said));
});

describe('stripReply leaves alone', () => {
  test.each([
    ['a mail without a quote', 'Hello,\n\nmy order A-117 has not come.\n\nThanks!'],
    ['a sentence with "wrote:"', 'My sister wrote:\nshe never got it.'],
    ['a farewell with something after it', 'Two things.\n\nRegards,\nAna\n\nP.S. My number changed: 600 111 222'],
    ['a "From:" that is no header block', 'From: Madrid\nI want it sent to Lisbon.'],
    [
      'a forwarded mail',
      'Is this yours?\n\n---------- Forwarded message ---------\nFrom: Eve <eve@evil.example>\nDate: Mon\nSubject: Hi\nTo: Ana\n\nPay now.',
    ],
    ['a mail that is nothing but a quote', '> Which colour?'],
    ['dashes between paragraphs', 'First\n\n---\n\nSecond'],
  ])('%s', (_name, mail) => expect(stripReply(mail)).toBe(mail));
});

test('reads a hostile mail in no more time than its length asks for', () => {
  const lines = ['> '.repeat(60_000), 'On '.repeat(40_000), `${'a '.repeat(50_000)}wrote:`, '-'.repeat(100_000), `${' '.repeat(90_000)}x`];
  for (const hostile of [
    ...lines,
    `${'On Mon, 1 x <a@b> '.repeat(20)}\n`.repeat(300),
    'Regards\n'.repeat(10_000),
    '-----\n'.repeat(15_000),
  ])
    expect(stripReply(hostile)).not.toBe('');
  expect(stripReply('x'.repeat(2 * maxReplyLength))).toHaveLength(maxReplyLength);
});
