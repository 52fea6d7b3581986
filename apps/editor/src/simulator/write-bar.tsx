import { endpoints } from '@holdfast/contracts';
import { ActionIcon, Loader } from '@mantine/core';
import { IconPaperclip, IconSend } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, upload } from '../client/index.ts';
import { showProblem } from '../shell/show-problem.tsx';
import type { Writing } from './use-chat.ts';
import css from './simulator.module.css';

/** Where the pretended customer writes. Enter sends, Shift+Enter breaks the line. */
export function WriteBar({ onWrite }: { onWrite: (writing: Writing) => void }) {
  const { t } = useTranslation('simulator');
  const [text, setText] = useState('');
  const [isUploading, setIsUploading] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const send = () => {
    if (text.trim() === '') return;
    onWrite({ text });
    setText('');
    input.current?.focus();
  };
  const attach = async (file: File | undefined) => {
    if (!file) return;
    setIsUploading(true);
    try {
      const attachment = await upload(endpoints.uploadFile, file);
      onWrite({ ...(text.trim() === '' ? {} : { text }), attachments: [attachment] });
      setText('');
    } catch (thrown) {
      showProblem(asApiError(thrown));
    } finally {
      setIsUploading(false);
    }
  };
  return (
    <div className={css.write}>
      <ActionIcon
        aria-label={t('attach')}
        title={t('attach')}
        disabled={isUploading}
        onClick={() => chooser.current?.click()}
        size={34}
        radius="xl"
      >
        {isUploading ? <Loader size={16} /> : <IconPaperclip size={18} stroke={1.5} />}
      </ActionIcon>
      <textarea
        ref={input}
        className={css.input}
        rows={1}
        value={text}
        maxLength={20_000}
        placeholder={t('write')}
        aria-label={t('write')}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <ActionIcon variant="filled" color="brand" aria-label={t('send')} size={34} radius="xl" disabled={text.trim() === ''} onClick={send}>
        <IconSend size={17} stroke={1.75} />
      </ActionIcon>
      <input
        ref={chooser}
        type="file"
        hidden
        onChange={(event) => {
          void attach(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
