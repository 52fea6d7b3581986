import type { Template } from '../template.ts';

/** What customers ask every shop; staff change them under Answers. */
export const answers: Template['answers'] = [
  {
    language: 'en',
    questions: ['When are you open?', 'What are your opening hours?', 'Are you open on Saturday?', 'Opening times'],
    answer: 'We are here Monday to Friday from 9:00 to 18:00, and on Saturday from 10:00 to 14:00.',
  },
  {
    language: 'es',
    questions: ['¿Cuándo abren?', '¿Cuál es el horario?', 'Horario de apertura', '¿Están abiertos el sábado?', '¿A qué hora abren?'],
    answer: 'Estamos de lunes a viernes de 9:00 a 18:00 y los sábados de 10:00 a 14:00.',
  },
  {
    language: 'en',
    questions: [
      'How long does delivery take?',
      'What are the delivery times?',
      'When will it be delivered?',
      'How long does shipping take?',
      'Shipping time',
    ],
    answer: 'Delivery takes two to four working days. As soon as your parcel leaves us, you get a message with its number.',
  },
  {
    language: 'es',
    questions: ['¿Cuánto tarda el envío?', '¿Cuánto tarda la entrega?', 'Plazo de entrega', 'Tiempo de envío'],
    answer: 'La entrega tarda entre dos y cuatro días laborables. En cuanto salga tu paquete, te enviamos su número.',
  },
  {
    language: 'en',
    questions: [
      'How can I return something?',
      'I want to return it',
      'Can I get a refund?',
      'What is your return policy?',
      'Can I exchange it?',
      'refund',
    ],
    answer:
      'You can return anything within 30 days. Write "agent" and a colleague sends you the return label; the money is back within a week.',
  },
  {
    language: 'es',
    questions: [
      '¿Cómo puedo devolver algo?',
      'Quiero devolverlo',
      '¿Puedo pedir un reembolso?',
      'Política de devolución',
      'devolución',
      'reembolso',
    ],
    answer:
      'Puedes devolver cualquier artículo en 30 días. Escribe «agente» y un compañero te envía la etiqueta; el dinero vuelve en una semana.',
  },
  {
    language: 'en',
    questions: ['How can I pay?', 'Which payment methods do you accept?', 'Do you take credit cards?'],
    answer: 'We take all usual cards, bank transfer and cash on delivery.',
  },
  {
    language: 'es',
    questions: ['¿Cómo puedo pagar?', '¿Qué formas de pago aceptan?', '¿Aceptan tarjeta?'],
    answer: 'Aceptamos las tarjetas habituales, transferencia y pago contra entrega.',
  },
];
