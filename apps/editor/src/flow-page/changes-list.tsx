import { IconAdjustments, IconCirclePlus, IconCircleMinus, IconPencil, IconVectorBezier2, type Icon } from '@tabler/icons-react';
import { useSentence } from '../document/use-sentence.ts';
import css from './flow-page.module.css';

type Kind = 'added' | 'removed' | 'changed' | 'settings' | 'connections';
const icons: Record<Kind, { Icon: Icon; color: string }> = {
  added: { Icon: IconCirclePlus, color: 'var(--ok)' },
  removed: { Icon: IconCircleMinus, color: 'var(--bad)' },
  changed: { Icon: IconPencil, color: 'var(--info)' },
  settings: { Icon: IconAdjustments, color: 'var(--text-2)' },
  connections: { Icon: IconVectorBezier2, color: 'var(--text-2)' },
};

/** What differs between two states of a flow, one line each. */
export function ChangesList({ changes, empty }: { changes: readonly { kind: Kind; text: string }[]; empty: string }) {
  const say = useSentence();
  if (changes.length === 0) return <p style={{ color: 'var(--text-2)', fontSize: 13 }}>{empty}</p>;
  return (
    <ul className={css.changes}>
      {changes.map(({ kind, text }) => {
        const { Icon, color } = icons[kind];
        return (
          <li key={`${kind}${text}`}>
            <Icon size={16} stroke={1.5} color={color} aria-hidden />
            <span>{say(text)}</span>
          </li>
        );
      })}
    </ul>
  );
}
