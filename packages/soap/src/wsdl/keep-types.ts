import type { SoapCall, XmlPart, XmlType } from '@holdfast/node-kit';
import { XmlProblem } from '../parse-xml.ts';
import type { ReadPart, ReadType } from './types.ts';

/** A step's copy stays smaller than this, in characters of JSON; a flow holds many steps. */
const maxKept = 150_000;

type Kept = Pick<SoapCall, 'input' | 'output' | 'types'>;

/** The types that these messages need and no others, under new places. An answer that needs too many is kept without: it is read all the same, as texts. */
export function keepTypes(types: readonly ReadType[], { input, output }: { input: ReadPart | null; output: ReadPart | null }): Kept {
  const whole = copyOf(types, { input, output });
  if (fits(whole)) return whole;
  const withoutAnswer = copyOf(types, { input, output: null });
  if (fits(withoutAnswer)) return withoutAnswer;
  throw new XmlProblem('it takes more than a step can hold');
}

const fits = (kept: Kept): boolean => kept.types.length <= 2_000 && JSON.stringify(kept).length <= maxKept;

function copyOf(types: readonly ReadType[], { input, output }: { input: ReadPart | null; output: ReadPart | null }): Kept {
  const places = new Map<number, number>();
  const kept: XmlType[] = [];
  const part = ({ documentation: _said, default: _default, ...given }: ReadPart): XmlPart => {
    if (typeof given.is !== 'number') return given;
    const known = places.get(given.is);
    if (known !== undefined) return { ...given, is: known };
    const place = kept.push({ parts: [] }) - 1;
    places.set(given.is, place);
    const type = types[given.is];
    kept[place] = {
      parts: type?.parts.map(part) ?? [],
      ...(type && type.attributes.length > 0 ? { attributes: type.attributes.map(part) } : {}),
      ...(type?.text === undefined ? {} : { text: type.text }),
    };
    return { ...given, is: place };
  };
  return { input: input && part(input), output: output && part(output), types: kept };
}
