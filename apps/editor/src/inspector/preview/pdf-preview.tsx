import { endpoints } from '@holdfast/contracts';
import type { FlowNode } from '@holdfast/graph';
import { fileRef, jsonObject, type FileRef, type JsonValue } from '@holdfast/node-kit';
import { Anchor, Button, Modal } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useMay } from '../../client/index.ts';
import { useWorkbench } from '../../document/workbench.tsx';
import { PdfPages } from '../../parts/pdf-pages.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useFormContext } from '../form/form-context.tsx';
import { isJsonObject } from '../form/form-value.ts';
import css from './message-preview.module.css';

/** The document that a step makes, made by the server as a run makes it, with the values of the last run or of the examples. */
export function PdfPreview({ node }: { node: FlowNode }) {
  const { t } = useTranslation('inspector');
  const { document, flowId } = useWorkbench();
  const { scope } = useFormContext();
  const trial = useAct(endpoints.tryStep, { isQuiet: true });
  const [made, setMade] = useState<FileRef | null>(null);
  const may = useMay('flows.write');
  if (flowId === null || !may) return null;
  const show = () =>
    trial.mutate(
      {
        params: { id: flowId },
        body: { file: document.getState().file, node: node.id, scope: jsonObject.parse(JSON.parse(JSON.stringify(scope()))) },
      },
      { onSuccess: ({ output }) => setMade(fileIn(output)) },
    );
  const notShown = isJsonObject(trial.data?.output) ? trial.data.output['notShown'] : '';
  return (
    <section className={css.preview} aria-label={t('preview.label')}>
      <h3>{t('preview.label')}</h3>
      <p className={css.unfinished}>{t('preview.documentAbout')}</p>
      <Button mt={8} size="xs" variant="default" leftSection={<IconEye size={15} stroke={1.75} />} loading={trial.isPending} onClick={show}>
        {t('preview.showDocument')}
      </Button>
      {trial.error ? <ProblemAlert error={trial.error} /> : null}
      {trial.data?.problem ? <ProblemAlert problem={trial.data.problem} tone="warn" /> : null}
      {made ? (
        <Modal opened onClose={() => setMade(null)} size={900} title={made.name}>
          {typeof notShown === 'string' && notShown !== '' ? (
            <p className={css.problem}>{t('preview.notShown', { characters: notShown })}</p>
          ) : null}
          <Anchor size="sm" display="block" mb={10} href={hrefOf(made)} download={made.name}>
            {t('preview.download')}
          </Anchor>
          <PdfPages href={hrefOf(made)} name={made.name} />
        </Modal>
      ) : null}
    </section>
  );
}

const hrefOf = ({ id }: FileRef): string => `/api/files/${encodeURIComponent(id)}`;

function fileIn(output: JsonValue): FileRef | null {
  return isJsonObject(output) ? (fileRef.safeParse(output['file']).data ?? null) : null;
}
