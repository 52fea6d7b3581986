import { parseAddress } from '@holdfast/channels';
import { findMessageTemplate, isWindowOpen, loadFile, type ChannelView } from '@holdfast/db';
import { asHoldfastError, HoldfastError, type Problem, say, toProblem } from '@holdfast/errors';
import type { OutgoingMessage } from '@holdfast/node-kit';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { openChannel } from './connect-channel.ts';

interface TestMessage {
  to: string;
  text: string;
  template?: { name: string; language: string } | undefined;
}

/**
 * One message straight to the provider, for whoever sets up a channel: nothing of it is stored, since it belongs to no conversation. Answers
 * what the provider has against it; null when it took it.
 */
export async function sendTestMessage(
  deps: ServerDeps,
  channel: ChannelView,
  { to, text, template }: TestMessage,
): Promise<Problem | null> {
  const adapter = deps.adapters(channel.kind);
  if (!adapter || channel.kind === 'simulator') throw missingResource();
  const { workspaceId, id: channelId } = channel;
  const message: OutgoingMessage = {
    text,
    buttons: [],
    attachments: [],
    ...(template ? { template: { ...template, parameters: {} } } : {}),
  };
  try {
    const address = parseAddress(channel.kind, to);
    if (channel.kind === 'whatsapp' && !template && !(await isWindowOpen(deps.pool, { workspaceId, channelId, address })))
      throw closed(address);
    const account = await openChannel(deps, channelId);
    for (const piece of adapter.render(message))
      await adapter.send({
        account,
        address,
        piece,
        loadFile: (id) => loadFile(deps.pool, { workspaceId, id }),
        loadTemplate: (name, language) => findMessageTemplate(deps.pool, { workspaceId, channelId, name, language }),
      });
    return null;
  } catch (error) {
    return toProblem(asHoldfastError(error, 'upstream.unreachable'));
  }
}

/** WhatsApp would take it, and say only afterwards that it was not delivered. */
const closed = (address: string): HoldfastError =>
  new HoldfastError('send.window', {
    detail: say`${address} has not written to this number in the last 24 hours, so WhatsApp takes approved templates only.`,
    hint: 'Write to the number from that phone first, or choose a template.',
  });
