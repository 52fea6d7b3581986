import type { NodeDefinition } from '@holdfast/node-kit';
import { useReactFlow } from '@xyflow/react';
import { categoryAccent } from '../theme/accents.ts';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useNodeWords } from '../canvas/node-words.ts';
import { useAddStep } from '../canvas/use-add-step.ts';
import { useDocument, useWorkbench } from '../document/workbench.tsx';
import css from './flow-page.module.css';

/** What an empty canvas says: choose what starts the flow. */
export function StartChoice() {
  const { t } = useTranslation('flow');
  const { catalog } = useWorkbench();
  const words = useNodeWords();
  const add = useAddStep();
  const isEmpty = useDocument((state) => state.file.nodes.length === 0 && !state.isReadOnly);
  const flow = useReactFlow();
  if (!isEmpty) return null;
  const begin = (definition: NodeDefinition) => {
    const box = globalThis.document.querySelector('.react-flow')?.getBoundingClientRect();
    add({ definition, position: box ? flow.screenToFlowPosition({ x: box.left + 64, y: box.top + box.height * 0.32 }) : { x: 0, y: 0 } });
  };
  const triggers = Object.values(catalog).filter((definition) => definition.kind === 'trigger');
  return (
    <div className={css.start}>
      <div className={css.startCard}>
        <h2>{t('start.title')}</h2>
        <p>{t('start.text')}</p>
        <div className={css.starts}>
          {triggers.map((definition) => {
            const accent: CSSProperties & Record<'--accent', string> = { '--accent': categoryAccent(definition.category) };
            return (
              <button
                key={definition.type}
                type="button"
                className={css.startChoice}
                data-type={definition.type}
                onClick={() => begin(definition)}
              >
                <span className={css.startIcon} style={accent}>
                  <NodeIcon name={definition.icon} size={20} />
                </span>
                <strong>{words.title(definition)}</strong>
                <span>{words.summary(definition)}</span>
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}
