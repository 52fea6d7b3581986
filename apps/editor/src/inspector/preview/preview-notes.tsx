import type { ChannelNote, MessageChannel } from '@holdfast/messages';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { MessagePreview } from './preview-message.ts';
import css from './message-preview.module.css';

interface Props {
  channel: MessageChannel;
  preview: Extract<MessagePreview, { kind: 'message' }>;
}

/** What the channel does with the message, and what that costs. */
export function PreviewNotes({ channel, preview }: Props) {
  const { t } = useTranslation('inspector');
  const notes = preview.notes.map((note) => ({ text: sayNote(t, channel, note, preview), isWarning: isWarning(note) }));
  // Each message of WhatsApp's is paid; a text and its files may be several.
  if (channel === 'whatsapp' && preview.pieces.length > 1)
    notes.push({ text: t('preview.paid', { count: preview.pieces.length }), isWarning: false });
  if (notes.length === 0) return null;
  return (
    <ul className={css.notes}>
      {notes.map(({ text, isWarning: warns }) => (
        <li key={text} data-tone={warns ? 'warn' : 'info'}>
          {warns ? <IconAlertTriangle size={14} stroke={1.75} aria-hidden /> : <IconInfoCircle size={14} stroke={1.75} aria-hidden />}
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

const isWarning = (note: ChannelNote): boolean =>
  note.note === 'segments' ? note.encoding === 'UCS-2' || note.count > 3 : note.note !== 'numbered' || note.why !== 'no-buttons';

function sayNote(t: TFunction<'inspector'>, channel: MessageChannel, note: ChannelNote, { message }: Props['preview']): string {
  const name = t(`preview.kind.${channel}`);
  const label = 'choice' in note && note.choice !== null ? (message.buttons[note.choice]?.label ?? '') : '';
  switch (note.note) {
    case 'list':
      return note.choice === null
        ? t('preview.list.many', { name, most: note.most })
        : t('preview.list.long', { name, length: note.length, label });
    case 'numbered':
      return t(`preview.numbered.${note.why}`, { name, most: note.most, length: note.length, label });
    case 'split':
      return t('preview.split', { name, parts: note.parts, length: note.length });
    case 'segments':
      return note.encoding === 'GSM-7'
        ? t('preview.segments.plain', { count: note.count, left: note.left })
        : t('preview.segments.unicode', { count: note.count, foreign: note.foreign.slice(0, 6).join(' ') });
  }
}
