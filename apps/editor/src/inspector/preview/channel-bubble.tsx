import { entitySpans, readWhatsAppText, textBlocks, parseRichText, type MessageChannel, type Piece } from '@holdfast/messages';
import type { Attachment, OutgoingMessage } from '@holdfast/node-kit';
import { IconFile, IconList, IconMapPin, IconMicrophone, IconPhoto, IconUser, IconVideo, type Icon } from '@tabler/icons-react';
import { LaidText, RichText, withLinks } from '../../parts/rich-text.tsx';
import css from './channel-bubble.module.css';

interface Props {
  channel: MessageChannel;
  piece: Piece;
  message: OutgoingMessage;
}

/** One message as the customer gets it on that channel. */
export function ChannelBubble({ channel, piece, message }: Props) {
  const files = piece.attachments ?? (piece.attachment ? [piece.attachment] : channel === 'simulator' ? message.attachments : []);
  const hasText = piece.text.trim() !== '';
  return (
    <div className={css.sent}>
      <div className={css.bubble}>
        {piece.subject ? <p className={css.subject}>{piece.subject}</p> : null}
        {files.length > 0 ? (
          <div className={css.files}>
            {files.map((file, index) => (
              <FileMark key={index} file={file} />
            ))}
          </div>
        ) : null}
        {hasText ? <Words channel={channel} piece={piece} message={message} /> : null}
        {piece.list ? (
          <span className={css.opens}>
            <IconList size={14} stroke={2} aria-hidden />
            {piece.list.open}
          </span>
        ) : null}
      </div>
      {piece.buttons.length > 0 ? (
        <ul className={css.buttons}>
          {piece.buttons.map(({ id, label }) => (
            <li key={id}>{label}</li>
          ))}
        </ul>
      ) : null}
      {piece.list ? (
        <ul className={css.rows}>
          {piece.list.rows.map(({ id, label, description }) => (
            <li key={id}>
              {label}
              {description ? <small>{description}</small> : null}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Words({ channel, piece, message }: Props) {
  switch (channel) {
    case 'whatsapp':
      return (
        <div className={css.words}>
          {/* WhatsApp draws a dash at a line's beginning as a bullet. */}
          <LaidText spans={readWhatsAppText(piece.text.replaceAll(/^- /gm, '• '))} />
        </div>
      );
    case 'telegram':
      return (
        <div className={css.words}>
          <LaidText spans={entitySpans(piece.text, piece.entities ?? [])} />
        </div>
      );
    case 'sms':
      return <div className={css.words}>{withLinks(piece.text)}</div>;
    case 'email':
      return <RichText blocks={[...textBlocks(message.text, message.format), ...numbered(message)]} />;
    case 'simulator':
      return message.format === 'rich' ? (
        <RichText blocks={parseRichText(message.text)} />
      ) : (
        <div className={css.words}>{withLinks(piece.text)}</div>
      );
  }
}

const numbered = ({ buttons }: OutgoingMessage) =>
  buttons.length === 0 ? [] : [{ kind: 'list' as const, start: 1, items: buttons.map(({ label }) => [{ text: label }]) }];

const glyphs: Partial<Record<Attachment['kind'], Icon>> = {
  image: IconPhoto,
  sticker: IconPhoto,
  video: IconVideo,
  voice: IconMicrophone,
  audio: IconMicrophone,
  location: IconMapPin,
  contact: IconUser,
};

function FileMark({ file }: { file: Attachment }) {
  const Glyph = glyphs[file.kind] ?? IconFile;
  return (
    <span className={css.file} data-kind={file.kind}>
      <Glyph size={18} stroke={1.5} aria-hidden />
      <span>{file.name ?? file.kind}</span>
    </span>
  );
}
