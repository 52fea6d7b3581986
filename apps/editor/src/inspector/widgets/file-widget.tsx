import { endpoints } from '@holdfast/contracts';
import { Anchor, Button, FileButton, Group } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError } from '../../client/api-error.ts';
import { upload } from '../../client/call.ts';
import { showProblem } from '../../shell/show-problem.tsx';
import { TextWidget } from './text-widget.tsx';
import type { WidgetProps } from './widget.ts';

const storedFile = /^file_[0-9a-f]{32}$/;

/** A file of the run, inserted like any value; or one that is uploaded here and stays the same for every run. */
export function FileWidget(props: WidgetProps) {
  const { value, words, onChange } = props;
  const { t } = useTranslation('inspector');
  const [isUploading, setUploading] = useState(false);
  const keep = async (chosen: File | null) => {
    if (!chosen) return;
    setUploading(true);
    try {
      onChange((await upload(endpoints.uploadFile, chosen)).fileId);
    } catch (error) {
      showProblem(asApiError(error));
    } finally {
      setUploading(false);
    }
  };
  return (
    <>
      <TextWidget {...props} />
      <Group gap={10} mt={6}>
        <FileButton onChange={(chosen) => void keep(chosen)} inputProps={{ 'aria-label': `${words.title}: ${t('file.upload')}` }}>
          {(button) => (
            <Button
              {...button}
              size="compact-xs"
              variant="default"
              leftSection={<IconUpload size={13} stroke={1.75} />}
              loading={isUploading}
            >
              {t('file.upload')}
            </Button>
          )}
        </FileButton>
        {typeof value === 'string' && storedFile.test(value) ? (
          <Anchor size="xs" href={`/api/files/${value}`} download>
            {t('file.stored')}
          </Anchor>
        ) : null}
      </Group>
    </>
  );
}
