import { codes, type ErrorCode } from '@holdfast/errors';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

type KnownCode = ErrorCode | 'network.unreachable' | 'network.unavailable';
const isKnown = (code: string): code is KnownCode =>
  Object.hasOwn(codes, code) || code === 'network.unreachable' || code === 'network.unavailable';

/** The title of a problem in the reader's language; a code that this build doesn't know keeps the server's words. */
export const titleOfProblem = (t: TFunction<'problems'>, { code, title }: { code: string; title: string }): string =>
  isKnown(code) ? t(code) : title;

/** What can be done about a code in general, in the reader's language; null for a code that this build doesn't know. */
export const hintOfProblem = (t: TFunction<'hints'>, { code }: { code: string }): string | null => (isKnown(code) ? t(code) : null);

export function useProblemTitle(problem: { code: string; title: string }): string {
  const { t } = useTranslation('problems');
  return titleOfProblem(t, problem);
}
