import { endpoints, type Answer } from '@holdfast/contracts';
import { Drawer, Select, Stack, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { languages } from '../../i18n/i18n.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { languageNames } from '../../shell/language-menu.tsx';

export function AnswerDrawer({ edited, onClose }: { edited: Answer | 'new' | null; onClose: () => void }) {
  const { t } = useTranslation('answers');
  const answer = edited === 'new' || edited === null ? null : edited;
  return (
    <Drawer opened={edited !== null} onClose={onClose} position="right" size={480} title={t(answer ? 'change' : 'add')}>
      {edited === null ? null : <Fields answer={answer} onDone={onClose} />}
    </Drawer>
  );
}

interface Values extends Record<string, unknown> {
  /** One question a line: that is how people paste them. */
  questions: string;
  answer: string;
  language: string;
}

const bodyOf = ({ questions, answer, language }: Values) => ({
  questions: questions
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
  answer: answer.trim(),
  language,
});

function Fields({ answer, onDone }: { answer: Answer | null; onDone: () => void }) {
  const { t } = useTranslation(['answers', 'common']);
  const options = { refreshes: [endpoints.listAnswers], isQuiet: true, onDone };
  const create = useAct(endpoints.createAnswer, options);
  const update = useAct(endpoints.updateAnswer, options);
  const initial: Values = { questions: answer?.questions.join('\n') ?? '', answer: answer?.answer ?? '', language: answer?.language ?? '' };
  const form = useEndpointForm(endpoints.createAnswer, { initial, toBody: bodyOf });
  const submit = form.onSubmit((values) => {
    const onError = (error: unknown) => void showAtField(form, error);
    if (answer) update.mutate({ params: { id: answer.id }, body: bodyOf(values) }, { onError });
    else create.mutate({ body: bodyOf(values) }, { onError });
  });
  const error = create.error ?? update.error;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error ? <ProblemAlert error={error} /> : null}
        <Textarea
          label={t('form.questions')}
          description={t('form.questionsHint')}
          autosize
          minRows={4}
          maxRows={14}
          data-autofocus
          {...form.getInputProps('questions')}
        />
        <Textarea label={t('form.answer')} autosize minRows={4} maxRows={14} maxLength={5_000} {...form.getInputProps('answer')} />
        <Select
          label={t('form.language')}
          description={t('form.languageHint')}
          data={[
            { value: '', label: t('form.anyLanguage') },
            ...languages.map((language) => ({ value: language, label: languageNames[language] })),
          ]}
          {...form.getInputProps('language')}
        />
        <FormEnd
          submit={t(answer ? 'common:action.saveChanges' : 'addThis')}
          onCancel={onDone}
          isPending={create.isPending || update.isPending}
        />
      </Stack>
    </form>
  );
}
