import type { FlowNode } from '@holdfast/graph';
import type { NodeDefinition } from '@holdfast/node-kit';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../client/index.ts';
import { DataView } from '../parts/data-view.tsx';
import { exampleOutput } from './template-input/data-fields.ts';
import { useKnownData } from './template-input/use-known-data.ts';
import { TryStep } from './try-step.tsx';
import { ConnectionTriggerData } from './triggers/connection-trigger-data.tsx';
import { WebhookData } from './webhook/webhook-data.tsx';
import css from './inspector.module.css';

/** What the step gave last (or gives, by its example), and the place to try it. */
export function DataTab({ node, definition }: { node: FlowNode; definition: NodeDefinition }) {
  const { t } = useTranslation('inspector');
  const known = useKnownData();
  const mayTry = useMay('flows.write');
  const isTrigger = definition.kind === 'trigger';
  const fromRun = isTrigger ? (Object.keys(known.trigger).length > 0 ? known.trigger : undefined) : known.nodes[node.id];
  const example = useMemo(() => exampleOf(definition, node.config), [definition, node.config]);
  return (
    <>
      {mayTry && !isTrigger ? <TryStep key={node.id} node={node} /> : null}
      {definition.kind === 'trigger' && definition.source === 'webhook' ? <WebhookData node={node} /> : null}
      {definition.kind === 'trigger' && definition.source === 'connection' ? <ConnectionTriggerData node={node} /> : null}
      <section className={css.section}>
        <h3>{t(fromRun === undefined ? 'data.exampleOutput' : 'data.lastOutput')}</h3>
        {fromRun === undefined && example === null ? <p>{t('data.noOutput')}</p> : <DataView value={fromRun ?? example} />}
      </section>
    </>
  );
}

/** What a connected system brings stands in the step's own examples. */
const exampleOf = (definition: NodeDefinition, config: FlowNode['config']) =>
  definition.kind === 'trigger' && definition.source === 'connection'
    ? (definition.samples.find(({ input }) => input?.trigger)?.input?.trigger ?? null)
    : exampleOutput(definition, config);
