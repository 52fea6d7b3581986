/** How far an attempt came: how many of its calls were answered. */
export interface Progress {
  answered: number;
}

/** By the error that ended it. */
const ends = new WeakMap<object, number>();

/** One of the calls of an attempt. */
export async function counted<T>(progress: Progress, call: () => Promise<T>): Promise<T> {
  try {
    const answer = await call();
    progress.answered += 1;
    return answer;
  } catch (error) {
    if (typeof error === 'object' && error !== null) ends.set(error, progress.answered);
    throw error;
  }
}

/** How many calls were answered before this error; of the step that made them, where one made them for others too. */
export function answeredBefore(error: unknown, { answered }: Progress): number {
  for (let each = error; each instanceof Error; each = each.cause) {
    const known = ends.get(each);
    if (known !== undefined) return known;
  }
  return answered;
}
