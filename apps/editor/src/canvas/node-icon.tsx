import { IconBox } from '@tabler/icons-react';
import { nodeIcons } from 'virtual:node-icons';

/** A node type's icon, by the Tabler name in its definition. */
export function NodeIcon({ name, size = 18 }: { name: string; size?: number }) {
  const Icon = nodeIcons[name] ?? IconBox;
  return <Icon size={size} stroke={1.5} aria-hidden />;
}
