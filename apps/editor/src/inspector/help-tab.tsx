import type { FlowNode } from '@holdfast/graph';
import type { NodeDefinition, Sample } from '@holdfast/node-kit';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { drawnPorts } from '../canvas/drawable-config.ts';
import { useNodeWords } from '../canvas/node-words.ts';
import { useDocument } from '../document/workbench.tsx';
import { DataView } from '../parts/data-view.tsx';
import css from './inspector.module.css';

/** What the step is for, where it can lead, and examples that are also its tests. */
export function HelpTab({ node, definition }: { node: FlowNode; definition: NodeDefinition }) {
  const { t } = useTranslation('inspector');
  const words = useNodeWords();
  const ports = Object.entries(drawnPorts(definition, node.config));
  return (
    <>
      <section className={css.section}>
        <h3>{words.title(definition)}</h3>
        <p>{words.summary(definition)}</p>
      </section>
      {ports.length === 0 ? null : (
        <section className={css.section}>
          <h3>{t('help.exits')}</h3>
          <ul className={css.ports}>
            {ports.map(([id, port]) => (
              <li key={id}>
                <span className={css.portDot} data-unhappy={port.unhappy ?? false} />
                {words.port(node.type, id, port)}
                {port.mandatory ? ` · ${t('help.mandatory')}` : ''}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={css.section}>
        <h3>{t('help.examples')}</h3>
        {definition.samples.map((sample, index) => (
          <SampleView
            key={sample.name}
            node={node}
            sample={sample}
            name={words.sample(node.type, index, sample.name)}
            port={words.port(
              node.type,
              sample.expect.port,
              drawnPorts(definition, sample.config)[sample.expect.port] ?? { label: sample.expect.port },
            )}
          />
        ))}
      </section>
    </>
  );
}

function SampleView({ node, sample, name, port }: { node: FlowNode; sample: Sample; name: string; port: string }) {
  const { t } = useTranslation('inspector');
  const apply = useDocument((state) => state.apply);
  const isReadOnly = useDocument((state) => state.isReadOnly);
  return (
    <details className={css.sample}>
      <summary>
        <span className={css.sampleName}>{name}</span>
        <small>{t('help.leavesBy', { port })}</small>
      </summary>
      <DataView value={sample.config} maxHeight={180} />
      {isReadOnly ? null : (
        <Button
          mt={8}
          size="compact-xs"
          variant="light"
          onClick={() => apply({ edit: 'configure', node: node.id, config: { ...node.config, ...sample.config } })}
        >
          {t('help.use')}
        </Button>
      )}
    </details>
  );
}
