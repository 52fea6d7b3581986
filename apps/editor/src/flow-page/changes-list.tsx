import { IconAdjustments, IconCirclePlus, IconCircleMinus, IconPencil, IconVectorBezier2, type Icon } from '@tabler/icons-react';
import { useSentence } from '../document/use-sentence.ts';
import { useWorkbench } from '../document/workbench.tsx';
import css from './flow-page.module.css';

type Kind = 'added' | 'removed' | 'changed' | 'settings' | 'connections';
const icons: Record<Kind, { Icon: Icon; color: string }> = {
  added: { Icon: IconCirclePlus, color: 'var(--ok)' },
  removed: { Icon: IconCircleMinus, color: 'var(--bad)' },
  changed: { Icon: IconPencil, color: 'var(--info)' },
  settings: { Icon: IconAdjustments, color: 'var(--text-2)' },
  connections: { Icon: IconVectorBezier2, color: 'var(--text-2)' },
};

interface Change {
  kind: Kind;
  node?: string | undefined;
  text: string;
}

/** What differs between two states of a flow, one line each. */
export function ChangesList({ changes, empty }: { changes: readonly Change[]; empty: string }) {
  const say = useSentence();
  const { document } = useWorkbench();
  const typeOf = (id: string | undefined) => document.getState().file.nodes.find((node) => node.id === id)?.type;
  if (changes.length === 0) return <p style={{ color: 'var(--text-2)', fontSize: 13 }}>{empty}</p>;
  return (
    <ul className={css.changes}>
      {changes.map(({ kind, node, text }) => {
        const { Icon, color } = icons[kind];
        return (
          <li key={`${kind}${text}`}>
            <Icon size={16} stroke={1.5} color={color} aria-hidden />
            <span>{say(text, typeOf(node))}</span>
          </li>
        );
      })}
    </ul>
  );
}
