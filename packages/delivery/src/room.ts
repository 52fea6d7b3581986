import type { SendTarget } from '@holdfast/db';
import type { SendRoom } from '@holdfast/providers';
import type { DeliveryDeps } from './deps.ts';

/** Leave to try a provider once, which is used or given back. */
export type Room = Extract<SendRoom, { state: 'go' }>;

const free: Room = { state: 'go', send: (perform) => perform(), giveUp: async () => undefined };

/** Whether the channel's provider is left alone just now. The simulator is no provider. */
export const roomAt = (
  { gate }: Pick<DeliveryDeps, 'gate'>,
  { kind, workspaceId, channelId, name: channelName }: SendTarget,
  options: { isAnyway?: boolean } = {},
): Promise<SendRoom> | SendRoom => (gate && kind !== 'simulator' ? gate.admit({ workspaceId, channelId, channelName }, options) : free);

/** Works with a room, and gives it back when nothing was sent. */
export async function inRoom<T>(room: Room, work: (room: Room) => Promise<T>): Promise<T> {
  let isUsed = false;
  try {
    return await work({ ...room, send: (perform, signal) => ((isUsed = true), room.send(perform, signal)) });
  } finally {
    if (!isUsed) await room.giveUp();
  }
}
