import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react';
import type { Finding } from '@holdfast/graph';
import { useSentence } from '../../document/use-sentence.ts';
import { useFormContext } from './form-context.tsx';
import css from './form.module.css';

/** Beside its own field a finding need not name the step again. */
const withoutName = (text: string): string => text.replace(/^(?:"[^"]*"|«[^»]*»): /, '');
/** Nor say that the step must be opened: it is. */
const isSaid = ({ fix }: Finding): boolean => fix.startsWith('Open the step and ');

/** The findings of exactly this field; with `isDeep`, of anything inside it too. */
export const findingsOf = (findings: readonly Finding[], path: string, isDeep = false): Finding[] =>
  findings.filter((finding) => finding.field === path || (isDeep && finding.field?.startsWith(`${path}.`)));

export function FieldProblems({ findings }: { findings: readonly Finding[] }) {
  const { type } = useFormContext();
  const say = useSentence();
  return findings.map((finding) => (
    <div key={`${finding.code}${finding.reason}`} className={css.error} data-severity={finding.severity} role="alert">
      {finding.severity === 'error' ? (
        <IconAlertCircle size={14} stroke={1.75} aria-hidden />
      ) : (
        <IconAlertTriangle size={14} stroke={1.75} aria-hidden />
      )}
      <span>
        {withoutName(say(finding.reason, type))} {isSaid(finding) ? null : <small>{say(finding.fix, type)}</small>}
      </span>
    </div>
  ));
}
