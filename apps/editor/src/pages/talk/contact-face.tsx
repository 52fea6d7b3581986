import type { Conversation } from '@holdfast/contracts';
import { IconUsers } from '@tabler/icons-react';
import { channelGlyphs, isChannelKind } from '../channels/channel-looks.ts';
import { initials } from '../../parts/initials.ts';
import classes from './contact-face.module.css';

/** A contact: initials, with the mark of the channel they write on. */
export function ContactFace({
  conversation,
  size = 36,
}: {
  conversation: Pick<Conversation, 'contact' | 'channel' | 'isGroup'>;
  size?: number;
}) {
  const { kind } = conversation.channel;
  const Glyph = isChannelKind(kind) ? channelGlyphs[kind] : channelGlyphs.simulator;
  return (
    <span className={classes.face} style={{ width: size, height: size }} aria-hidden>
      {conversation.isGroup ? <IconUsers size={size / 2} stroke={1.5} /> : initials(conversation.contact.name)}
      <span className={classes.channel}>
        <Glyph size={12} stroke={1.75} />
      </span>
    </span>
  );
}
