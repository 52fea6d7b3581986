export { readChoice } from './choice.ts';
export { readEmail, readPhone } from './contact-point.ts';
export { readDate } from './date.ts';
export { isNear } from './edit-distance.ts';
export { findBestAnswer, type CommonAnswer } from './find-best-answer.ts';
export { normalise, plainDigits } from './normalise.ts';
export { readNumbers } from './number.ts';
export { findOrderIds } from './order-id.ts';
export { containsWord, indexOfWord, wordsOf } from './words.ts';
