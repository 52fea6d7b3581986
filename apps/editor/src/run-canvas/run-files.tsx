import type { RunDetail } from '@holdfast/contracts';
import { useTranslation } from 'react-i18next';
import { AttachmentList } from '../pages/talk/attachment-list.tsx';
import css from './run-page.module.css';

/** What the run made, to be downloaded; with `node`, what that step made in all its visits. */
export function RunFiles({ run, node }: { run: RunDetail; node: string | null }) {
  const { t } = useTranslation('run');
  const made = run.files.filter(({ step }) => node === null || run.steps.some((one) => one.step === step && one.node === node));
  if (made.length === 0) return null;
  return (
    <section className={css.section}>
      <h3>{t('files.title')}</h3>
      <AttachmentList
        attachments={made.map(({ id, name, mimeType, sizeBytes }) => ({
          kind: mimeType.startsWith('image/') ? 'image' : 'document',
          fileId: id,
          name,
          mimeType,
          sizeBytes,
        }))}
      />
    </section>
  );
}
