import type { Attachment } from '@holdfast/node-kit';
import {
  IconDownload,
  IconFile,
  IconMapPin,
  IconMicrophone,
  IconMusic,
  IconPhoto,
  IconUser,
  IconVideo,
  type Icon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './attachment-list.module.css';

/** Files of a message: pictures as thumbnails, all of them as downloads. Nothing is opened inside this page. */
export function AttachmentList({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className={classes.list}>
      {attachments.map((attachment, index) => (
        <li key={attachment.fileId ?? index}>
          {attachment.kind === 'location' ? (
            <Place attachment={attachment} />
          ) : attachment.kind === 'contact' && attachment.fileId === undefined ? (
            <Card attachment={attachment} />
          ) : (
            <Stored attachment={attachment} />
          )}
          {attachment.caption ? <p className={classes.caption}>{attachment.caption}</p> : null}
        </li>
      ))}
    </ul>
  );
}

const glyphs: Partial<Record<Attachment['kind'], Icon>> = {
  image: IconPhoto,
  sticker: IconPhoto,
  voice: IconMicrophone,
  audio: IconMusic,
  video: IconVideo,
};

function Stored({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation('inbox');
  const format = useFormat();
  const [isBroken, setBroken] = useState(false);
  const Glyph = glyphs[attachment.kind] ?? IconFile;
  const name = attachment.name ?? t(`attachment.${attachment.kind}`);
  const facts = [
    attachment.durationSeconds === undefined ? null : format.span(attachment.durationSeconds * 1_000),
    attachment.sizeBytes === undefined ? null : format.bytes(attachment.sizeBytes),
  ].filter((fact) => fact !== null);
  const href = attachment.fileId === undefined ? undefined : `/api/files/${encodeURIComponent(attachment.fileId)}`;
  if (href && (attachment.kind === 'image' || attachment.kind === 'sticker') && !isBroken)
    return (
      <a href={href} download={name} className={classes.thumbnail} title={t('attachment.download', { name })}>
        <img src={href} alt={name} loading="lazy" onError={() => setBroken(true)} />
      </a>
    );
  return (
    <a href={href} download={name} className={classes.file} aria-disabled={href === undefined}>
      <Glyph size={18} stroke={1.5} aria-hidden />
      <span className={classes.words}>
        <span className={classes.name}>{name}</span>
        <span className={classes.facts}>{href === undefined ? t('attachment.absent') : facts.join(' · ')}</span>
      </span>
      {href ? <IconDownload size={16} stroke={1.5} aria-hidden /> : null}
    </a>
  );
}

/** A person that the customer passed on; a hidden number stays hidden. */
function Card({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation('inbox');
  return (
    <span className={classes.file}>
      <IconUser size={18} stroke={1.5} aria-hidden />
      <span className={classes.words}>
        <span className={classes.name}>{attachment.name ?? t('attachment.contact')}</span>
        {attachment.phone === undefined ? null : <span className={`${classes.facts} data`}>{attachment.phone}</span>}
      </span>
    </span>
  );
}

function Place({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation('inbox');
  return (
    <span className={classes.file}>
      <IconMapPin size={18} stroke={1.5} aria-hidden />
      <span className={classes.words}>
        <span className={classes.name}>{attachment.name ?? t('attachment.location')}</span>
        <span className={`${classes.facts} data`}>{attachment.address ?? `${attachment.latitude}, ${attachment.longitude}`}</span>
      </span>
    </span>
  );
}
