import { expect, test } from 'vitest';
import { HoldfastError, toProblem } from './holdfast-error.ts';
import { mapWords, say } from './say.ts';

test('a problem carries how its sentences were made, beside the sentences', () => {
  const why = say`no answer came within ${20} s`;
  const error = new HoldfastError('upstream.timeout', { detail: say`${'erp.internal'}: ${why}.`, hint: 'Ask whoever runs it.' });
  expect(toProblem(error)).toEqual({
    code: 'upstream.timeout',
    title: 'The service did not answer in time',
    detail: 'erp.internal: no answer came within 20 s.',
    hint: 'Ask whoever runs it.',
    said: { detail: { key: '{1}: {2}.', values: ['erp.internal', { key: 'no answer came within {1} s', values: ['20'] }] } },
  });
});

test('a sentence is its English text wherever text is wanted', () => {
  const words = say`There is no file ${'a.pdf'}.`;
  expect(`${String(words)} ${JSON.stringify({ words })}`).toBe('There is no file a.pdf. {"words":"There is no file a.pdf."}');
});

test('what is cut out of the words of an error is cut out of its values, at every depth', () => {
  const words = say`${'a.example'}: ${say`it said ${'key=s3cret'}`}.`;
  const cut = mapWords(words, (text) => text.replaceAll('s3cret', '…'));
  const error = new HoldfastError('upstream.refused', { detail: cut, hint: say`Look at ${'x\0y'}.` });
  expect(JSON.stringify(toProblem(error))).not.toMatch(/s3cret|\\u0000/);
  expect(error.detail).toBe('a.example: it said key=….');
});
