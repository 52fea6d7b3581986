import type { Conversation } from '@holdfast/contracts';
import { IconUsers } from '@tabler/icons-react';
import { ChannelIcon } from '../../parts/channel-icon.tsx';
import { Face } from '../../parts/face.tsx';

interface ContactFaceProps {
  conversation: Pick<Conversation, 'contact' | 'channel' | 'isGroup'>;
  size?: number;
}

/** A contact, with the mark of the channel they write on. */
export const ContactFace = ({ conversation: { contact, channel, isGroup }, size = 36 }: ContactFaceProps) => (
  <Face
    name={contact.name}
    size={size}
    icon={isGroup ? <IconUsers size={size / 2} stroke={1.5} /> : undefined}
    mark={<ChannelIcon kind={channel.kind} size={12} stroke={1.75} />}
  />
);
