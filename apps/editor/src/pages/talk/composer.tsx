import { endpoints, type Handoff } from '@holdfast/contracts';
import type { Attachment } from '@holdfast/node-kit';
import { ActionIcon, Button, FileButton, Pill, Textarea, Tooltip } from '@mantine/core';
import { IconPaperclip, IconSend2 } from '@tabler/icons-react';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError } from '../../client/api-error.ts';
import { upload } from '../../client/call.ts';
import { useAct } from '../../client/use-call.ts';
import { showProblem } from '../../shell/show-problem.tsx';
import classes from './composer.module.css';
import { draftStore } from './draft-store.ts';

/** Writes as a person. The text stays until it was taken; leaving the page keeps it. */
export function Composer({ handoff }: { handoff: Handoff }) {
  const { t } = useTranslation(['inbox', 'common']);
  const [text, setText] = useState(() => draftStore.read(handoff.id));
  const [files, setFiles] = useState<Attachment[]>([]);
  const [isUploading, setUploading] = useState(false);
  const keep = (next: string) => {
    setText(next);
    draftStore.write(handoff.id, next);
  };
  const reply = useAct(endpoints.replyHandoff, {
    refreshes: [endpoints.listMessages, endpoints.listHandoffs],
    onDone: () => {
      keep('');
      setFiles([]);
    },
  });
  const canSend = text.trim() !== '' && !reply.isPending && !isUploading;
  const send = () => {
    if (canSend)
      reply.mutate({ params: { id: handoff.id }, body: { text: text.trim(), ...(files.length > 0 ? { attachments: files } : {}) } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const attach = async (chosen: File | null) => {
    if (!chosen) return;
    setUploading(true);
    try {
      const stored = await upload(endpoints.uploadFile, chosen);
      setFiles((before) => [...before, stored]);
    } catch (error) {
      showProblem(asApiError(error));
    } finally {
      setUploading(false);
    }
  };
  return (
    <div className={classes.composer}>
      {files.length > 0 ? (
        <div className={classes.files}>
          {files.map((file) => (
            <Pill key={file.fileId} withRemoveButton onRemove={() => setFiles((before) => before.filter((other) => other !== file))}>
              {file.name}
            </Pill>
          ))}
        </div>
      ) : null}
      <div className={classes.row}>
        <FileButton onChange={(file) => void attach(file)}>
          {(props) => (
            <Tooltip label={t('composer.attach')}>
              <ActionIcon {...props} size={36} aria-label={t('composer.attach')} loading={isUploading}>
                <IconPaperclip size={18} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          )}
        </FileButton>
        <Textarea
          className={classes.text}
          aria-label={t('composer.label', { name: handoff.conversation.contact.name || t('common:unknownContact') })}
          placeholder={t('composer.placeholder')}
          autosize
          minRows={1}
          maxRows={8}
          maxLength={20_000}
          value={text}
          onChange={(event) => keep(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Button
          color="person"
          onClick={send}
          disabled={!canSend}
          loading={reply.isPending}
          leftSection={<IconSend2 size={16} stroke={1.5} />}
        >
          {t('composer.send')}
        </Button>
      </div>
      <p className={classes.hint}>{t('composer.keys')}</p>
    </div>
  );
}
