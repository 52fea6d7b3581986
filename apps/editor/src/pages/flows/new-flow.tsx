import { endpoints } from '@holdfast/contracts';
import { Button, FileButton, Menu } from '@mantine/core';
import { IconChevronDown, IconFileImport, IconPlus, IconTemplate } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError } from '../../client/api-error.ts';
import { useAct } from '../../client/use-call.ts';
import { showProblem } from '../../shell/show-problem.tsx';
import { NameFlow } from './name-flow.tsx';
import { readFlowFile } from './read-flow-file.ts';
import { TemplateChoice } from './template-choice.tsx';

/** A new flow: empty, from a file, or from a template. `isOnly` is the large one on the empty page. */
export function NewFlow({ isOnly = false }: { isOnly?: boolean }) {
  const { t } = useTranslation('flows');
  const [asks, setAsks] = useState<'name' | 'template' | null>(null);
  const resetFile = useRef<() => void>(null);
  const navigate = useNavigate();
  const make = useAct(endpoints.createFlow, {
    refreshes: [endpoints.listFlows],
    onDone: ({ id }) => void navigate({ to: '/flows/$id', params: { id } }),
  });
  const bringIn = async (chosen: File | null) => {
    resetFile.current?.();
    if (chosen) make.mutate({ body: { file: readFlowFile(await chosen.text(), chosen.name) } });
  };
  const importItem = (
    <FileButton
      accept="application/json,.json"
      resetRef={resetFile}
      onChange={(file) => void bringIn(file).catch((error: unknown) => showProblem(asApiError(error)))}
    >
      {(props) =>
        isOnly ? (
          <Button {...props} variant="default" leftSection={<IconFileImport size={16} stroke={1.5} />}>
            {t('new.file')}
          </Button>
        ) : (
          <Menu.Item {...props} closeMenuOnClick={false} leftSection={<IconFileImport size={16} stroke={1.5} />}>
            {t('new.file')}
          </Menu.Item>
        )
      }
    </FileButton>
  );
  return (
    <>
      {isOnly ? (
        <>
          <Button leftSection={<IconTemplate size={16} stroke={1.5} />} onClick={() => setAsks('template')}>
            {t('new.template')}
          </Button>
          <Button variant="default" leftSection={<IconPlus size={16} stroke={1.5} />} onClick={() => setAsks('name')}>
            {t('new.empty')}
          </Button>
          {importItem}
        </>
      ) : (
        <Menu position="bottom-end" keepMounted>
          <Menu.Target>
            <Button
              leftSection={<IconPlus size={16} stroke={2} />}
              rightSection={<IconChevronDown size={14} stroke={1.5} />}
              loading={make.isPending}
            >
              {t('new.label')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPlus size={16} stroke={1.5} />} onClick={() => setAsks('name')}>
              {t('new.empty')}
            </Menu.Item>
            <Menu.Item leftSection={<IconTemplate size={16} stroke={1.5} />} onClick={() => setAsks('template')}>
              {t('new.template')}
            </Menu.Item>
            {importItem}
          </Menu.Dropdown>
        </Menu>
      )}
      <NameFlow
        isOpen={asks === 'name'}
        onClose={() => setAsks(null)}
        isMaking={make.isPending}
        onName={(name) => make.mutate({ body: { name } })}
      />
      <TemplateChoice
        isOpen={asks === 'template'}
        onClose={() => setAsks(null)}
        isMaking={make.isPending}
        onChoose={(template) => make.mutate({ body: { template } })}
      />
    </>
  );
}
