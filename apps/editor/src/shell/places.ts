import {
  IconAddressBook,
  IconAdjustments,
  IconBraces,
  IconHeartbeat,
  IconInbox,
  IconListDetails,
  IconMessages,
  IconPlugConnected,
  IconQuestionMark,
  IconRoute,
  IconSend2,
  type Icon,
} from '@tabler/icons-react';
import type { Permission } from '@holdfast/contracts';

interface Place {
  name:
    | 'inbox'
    | 'flows'
    | 'runs'
    | 'conversations'
    | 'contacts'
    | 'channels'
    | 'connections'
    | 'providers'
    | 'variables'
    | 'answers'
    | 'settings';
  to:
    | '/inbox'
    | '/flows'
    | '/runs'
    | '/conversations'
    | '/contacts'
    | '/channels'
    | '/connections'
    | '/providers'
    | '/variables'
    | '/answers'
    | '/settings';
  icon: Icon;
  needs: Permission;
  group: 'work' | 'setup';
}

/** The entries of the rail, in its order. */
export const places: readonly Place[] = [
  { name: 'inbox', to: '/inbox', icon: IconInbox, needs: 'inbox.read', group: 'work' },
  { name: 'flows', to: '/flows', icon: IconRoute, needs: 'flows.read', group: 'work' },
  { name: 'runs', to: '/runs', icon: IconListDetails, needs: 'runs.read', group: 'work' },
  { name: 'conversations', to: '/conversations', icon: IconMessages, needs: 'conversations.read', group: 'work' },
  { name: 'contacts', to: '/contacts', icon: IconAddressBook, needs: 'contacts.read', group: 'work' },
  { name: 'channels', to: '/channels', icon: IconSend2, needs: 'channels.read', group: 'setup' },
  { name: 'connections', to: '/connections', icon: IconPlugConnected, needs: 'credentials.read', group: 'setup' },
  { name: 'providers', to: '/providers', icon: IconHeartbeat, needs: 'runs.read', group: 'setup' },
  { name: 'variables', to: '/variables', icon: IconBraces, needs: 'variables.read', group: 'setup' },
  { name: 'answers', to: '/answers', icon: IconQuestionMark, needs: 'answers.read', group: 'setup' },
  { name: 'settings', to: '/settings', icon: IconAdjustments, needs: 'settings.read', group: 'setup' },
];
