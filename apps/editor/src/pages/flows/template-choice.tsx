import { endpoints } from '@holdfast/contracts';
import { Modal, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { QueryView } from '../../parts/query-view.tsx';
import { RowsSkeleton } from '../../parts/rows-skeleton.tsx';
import classes from './template-choice.module.css';

interface TemplateChoiceProps {
  isOpen: boolean;
  isMaking: boolean;
  onClose: () => void;
  onChoose: (template: string) => void;
}

/** The shipped templates; choosing one makes a flow of it. */
export function TemplateChoice({ isOpen, isMaking, onClose, onChoose }: TemplateChoiceProps) {
  const { t } = useTranslation('flows');
  const templates = useRead(endpoints.listTemplates, {}, { enabled: isOpen, staleTime: 60_000 });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('template.title')} size="lg">
      <p className={classes.lead}>{t('template.lead')}</p>
      <QueryView query={templates} skeleton={<RowsSkeleton count={2} />}>
        {({ items }) => (
          <ul className={classes.list}>
            {items.map((template) => (
              <li key={template.id}>
                <UnstyledButton className={classes.template} disabled={isMaking} onClick={() => onChoose(template.id)}>
                  <span className={classes.words}>
                    <strong>{template.name}</strong>
                    <span>{template.description}</span>
                    <span className={classes.steps}>{t('steps', { count: template.nodeTypes.length })}</span>
                  </span>
                  <IconChevronRight size={18} stroke={1.5} aria-hidden />
                </UnstyledButton>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Modal>
  );
}
