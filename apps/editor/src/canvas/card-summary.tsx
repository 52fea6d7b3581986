import { partsOfPath, parseSegments } from '../inspector/template-input/chip-model.ts';
import css from './step-node.module.css';

/** The card's two lines. Inserted values show their name, never their Liquid. */
export function CardSummary({ text }: { text: string }) {
  // The text may have been cut in the middle of a value.
  const whole = text.replace(/\{[{%][^}]*$/, '…').replaceAll(/\{%[^%]*%\}/g, '');
  return (
    <p className={css.summary}>
      {parseSegments(whole).map((segment, index) =>
        segment.kind === 'value' ? (
          <span key={index} className={css.chip}>
            {partsOfPath(segment.path).at(-1)}
          </span>
        ) : segment.kind === 'text' ? (
          segment.text
        ) : (
          '…'
        ),
      )}
    </p>
  );
}
