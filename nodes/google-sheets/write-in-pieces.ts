import { HoldfastError, say } from '@holdfast/errors';

/** Google advises 2 MB a call at most. */
const mostChars = 1_500_000;
/** To find one among 500 takes 18. */
const mostMore = 30;

/**
 * Writes all in as few calls as can be, in their order. A call that is refused (`write` answers why) for what stands in one of its rows has written none of them: it is
 * halved until that one is alone, and the others are there. Answers what was refused. A sheet that refuses whatever comes is not asked for each:
 * those that are left are told to come again.
 */
export async function writeInPieces<T>(
  all: readonly T[],
  write: (piece: readonly T[]) => Promise<HoldfastError | null>,
): Promise<Map<T, HoldfastError>> {
  const refused = new Map<T, HoldfastError>();
  const pieces = inPieces(all);
  let more = 0;
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    const refusal = await write(piece);
    if (!refusal) continue;
    const half = Math.ceil(piece.length / 2);
    if (piece.length === 1 || more >= mostMore) for (const each of piece) refused.set(each, piece.length === 1 ? refusal : again(refusal));
    else pieces.unshift(piece.slice(0, half), piece.slice(half));
    if (piece.length > 1) more += 2;
  }
  return refused;
}

const again = (refusal: HoldfastError): HoldfastError =>
  new HoldfastError('upstream.broken', {
    detail: say`The row was sent together with others, and which of them was meant is not known yet. ${refusal.words.detail}`,
    ...(refusal.words.hint ? { hint: refusal.words.hint } : {}),
  });

function inPieces<T>(all: readonly T[]): T[][] {
  const pieces: T[][] = [];
  let chars = 0;
  for (const each of all) {
    const { length } = JSON.stringify(each);
    const last = pieces.at(-1);
    const fits = last !== undefined && chars + length <= mostChars;
    if (fits) last.push(each);
    else pieces.push([each]);
    chars = fits ? chars + length : length;
  }
  return pieces;
}
