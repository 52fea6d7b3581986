import type { FlowNode } from '@holdfast/graph';
import type { NodeDefinition } from '@holdfast/node-kit';
import { IconX } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useNodeWords } from '../canvas/node-words.ts';
import { BarButton } from '../canvas/zoom-bar.tsx';
import { FillFromCurl } from '../curl/fill-from-curl.tsx';
import type { InspectorTab } from '../document/session-store.ts';
import { useDocument, useMarks, useSession, useWorkbench } from '../document/workbench.tsx';
import { categoryAccent } from '../theme/accents.ts';
import { DataTab } from './data-tab.tsx';
import { FailureSentence } from './failure-sentence.tsx';
import { FieldProblems } from './form/field-problems.tsx';
import { FormProvider } from './form/form-context.tsx';
import { FieldList } from './form/field-list.tsx';
import { formFields } from './form/form-field.ts';
import { HelpTab } from './help-tab.tsx';
import { MessagePreview } from './preview/message-preview.tsx';
import { PdfPreview } from './preview/pdf-preview.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { useFormContextValue } from './use-form-context-value.ts';
import css from './inspector.module.css';

/** The settings of the one selected step. Everything in it is made from the step's definition. */
export function Inspector({ node }: { node: FlowNode }) {
  const { catalog } = useWorkbench();
  const definition = catalog[node.type];
  return (
    <aside className={css.inspector} data-inspector aria-label={node.name}>
      {definition ? <StepInspector key={node.id} node={node} definition={definition} /> : <UnknownStep node={node} />}
    </aside>
  );
}

function UnknownStep({ node }: { node: FlowNode }) {
  const { t } = useTranslation('inspector');
  return (
    <div className={css.body}>
      <div className={css.section}>
        <h3>{node.name}</h3>
        <p>{t('unknown', { type: node.type })}</p>
      </div>
    </div>
  );
}

interface StepProps {
  node: FlowNode;
  definition: NodeDefinition;
}

function StepInspector({ node, definition }: StepProps) {
  const tab = useSession((session) => session.tab);
  const context = useFormContextValue(node);
  return (
    <FormProvider value={context}>
      <Head node={node} definition={definition} />
      <Tabs node={node} />
      <div className={css.body} role="tabpanel">
        {tab === 'settings' ? <SettingsTab node={node} definition={definition} /> : null}
        {tab === 'data' ? <DataTab node={node} definition={definition} /> : null}
        {tab === 'help' ? <HelpTab node={node} definition={definition} /> : null}
      </div>
    </FormProvider>
  );
}

function Head({ node, definition }: StepProps) {
  const { t } = useTranslation('inspector');
  const words = useNodeWords();
  const { session } = useWorkbench();
  const apply = useDocument((state) => state.apply);
  const accent: CSSProperties & Record<'--accent', string> = { '--accent': categoryAccent(definition.category) };
  const title = words.title(definition);
  return (
    <div className={css.head} style={accent}>
      <div className={css.nameRow}>
        <span className={css.icon}>
          <NodeIcon name={definition.icon} />
        </span>
        <input
          className={css.name}
          value={node.name}
          maxLength={120}
          aria-label={t('stepName')}
          placeholder={title}
          spellCheck={false}
          onChange={(event) => apply({ edit: 'rename-node', node: node.id, name: event.currentTarget.value }, `name:${node.id}`)}
        />
        <BarButton Icon={IconX} label={t('close')} onClick={() => session.getState().select([])} />
      </div>
      {node.name.startsWith(title) ? null : <p className={css.kind}>{title}</p>}
    </div>
  );
}

const tabs: readonly InspectorTab[] = ['settings', 'data', 'help'];

function Tabs({ node }: { node: FlowNode }) {
  const { t } = useTranslation('inspector');
  const { session } = useWorkbench();
  const current = useSession((state) => state.tab);
  const count = useMarks((marks) => marks.findingsByNode.get(node.id)?.length ?? 0);
  const hasError = useMarks((marks) => marks.findingsByNode.get(node.id)?.some((finding) => finding.severity === 'error') ?? false);
  return (
    <div className={css.tabs} role="tablist">
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          className={css.tab}
          aria-selected={tab === current}
          onClick={() => session.getState().set({ tab })}
        >
          {t(`tab.${tab}`)}
          {tab === 'settings' && count > 0 ? (
            <span className={css.tabCount} data-tone={hasError ? 'bad' : 'warn'}>
              {count}
            </span>
          ) : null}
        </button>
      ))}
    </div>
  );
}

function SettingsTab({ node, definition }: StepProps) {
  const { t } = useTranslation('inspector');
  const apply = useDocument((state) => state.apply);
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const findings = useMarks((marks) => marks.findingsByNode.get(node.id));
  const fields = formFields(definition.config);
  const general = findings?.filter((finding) => finding.field === undefined || finding.field === '') ?? [];
  return (
    <>
      {general.length > 0 ? (
        <div className={css.section}>
          <FieldProblems findings={general} />
        </div>
      ) : null}
      {fields.length === 0 ? <p>{t('nothingToSet')}</p> : null}
      {definition.presets && !isReadOnly ? (
        <PresetChoice
          node={node}
          definition={definition}
          presets={definition.presets}
          onChoose={(config) => apply({ edit: 'configure', node: node.id, config })}
        />
      ) : null}
      <div inert={isReadOnly}>
        {definition.takes === 'curl' ? (
          <FillFromCurl config={node.config} onFill={(config) => apply({ edit: 'configure', node: node.id, config })} />
        ) : null}
        <FieldList
          fields={fields}
          value={node.config}
          prefix=""
          onChange={(config) => apply({ edit: 'configure', node: node.id, config }, `config:${node.id}`)}
        />
      </div>
      {definition.kind === 'effect' ? <FailureSentence node={node} definition={definition} /> : null}
      {definition.says ? <MessagePreview node={node} definition={definition} /> : null}
      {definition.kind === 'effect' && definition.makes === 'pdf' ? <PdfPreview node={node} /> : null}
    </>
  );
}
