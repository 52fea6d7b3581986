import { channelNotes, isMessageChannel, renderMessage, type ChannelNote, type MessageChannel } from '@holdfast/messages';
import type { CheckWorld, JsonObject, OutgoingMessage } from '@holdfast/node-kit';
import type { Finding } from '../finding.ts';
import { hasTemplate } from '../render-template.ts';
import type { FlowView, ViewedNode } from './flow-view.ts';

/** What the channels that start this flow make of its messages, where their author may not expect it. Nothing is known without a world. */
export function checkMessages(flow: FlowView, world?: CheckWorld): Finding[] {
  const kinds = world ? servedKinds(flow, world) : [];
  if (kinds.length === 0) return [];
  return [...flow.nodes.values()].filter(({ node }) => flow.reached.has(node.id)).flatMap((viewed) => checkMessage(viewed, kinds));
}

/** The kinds of channel that the flow's triggers listen on. */
function servedKinds(flow: FlowView, world: CheckWorld): MessageChannel[] {
  const triggers = [...flow.nodes.values()].filter(({ definition }) => definition?.kind === 'trigger' && definition.source === 'channel');
  const named = triggers.flatMap(({ node }) => (Array.isArray(node.config['channels']) ? node.config['channels'] : ['any']));
  const heard = world.channels.filter(({ id }) => named.includes('any') || named.includes(id));
  return [...new Set(heard.map(({ kind }) => kind))].filter(isMessageChannel);
}

function checkMessage({ node, label, definition }: ViewedNode, kinds: readonly MessageChannel[]): Finding[] {
  const parsed = definition?.says && definition.config.safeParse(node.config);
  if (!parsed?.success || !definition?.says) return [];
  const config = parsed.data as JsonObject; // a config schema's output is an object
  const message = saysOf(definition.says, config);
  if (!message) return [];
  return kinds.flatMap((kind) =>
    channelNotes(kind, message, piecesOf(kind, message)).flatMap((note) => {
      const said = sentenceOf(kind, message, note);
      if (!said) return [];
      const { field, ...sentence } = said;
      return [
        {
          code: 'node.advice',
          severity: 'warning',
          node: node.id,
          ...fieldAt(config, message, field),
          reason: `${label}: ${sentence.reason}`,
          fix: sentence.fix,
        },
      ];
    }),
  );
}

/** Values are not known here: what holds some is as long as it is written, at least. */
function saysOf(says: (config: JsonObject) => OutgoingMessage, config: JsonObject): OutgoingMessage | null {
  try {
    return says(config);
  } catch {
    return null; // a number that a value will be
  }
}

function piecesOf(kind: MessageChannel, message: OutgoingMessage) {
  try {
    return renderMessage[kind](message);
  } catch {
    return []; // it has nothing to say yet
  }
}

type Said = { field: { choice: number | null } | 'text'; reason: string; fix: string };

const names: Partial<Record<MessageChannel, string>> = { whatsapp: 'WhatsApp', telegram: 'Telegram' };

function sentenceOf(kind: MessageChannel, message: OutgoingMessage, note: ChannelNote): Said | null {
  const name = names[kind];
  if (!name) return null;
  const label = 'choice' in note && note.choice !== null ? (message.buttons[note.choice]?.label ?? '') : '';
  if (hasTemplate(label)) return null;
  switch (note.note) {
    case 'list':
      return note.choice === null
        ? {
            field: { choice: null },
            reason: `${name} shows at most ${note.most} buttons: these become a list.`,
            fix: `Offer ${note.most} choices or fewer, or leave it as a list.`,
          }
        : {
            field: { choice: note.choice },
            reason: `${name} shows at most ${note.length} characters on a button, and "${label}" has ${label.length}: these become a list.`,
            fix: 'Write it shorter, or leave it as a list.',
          };
    case 'numbered':
      return numberedSentence(name, note, label);
    case 'split':
      return hasTemplate(message.text)
        ? null
        : {
            field: 'text',
            reason: `${name} takes at most ${note.length} characters: this goes as ${note.parts} messages.`,
            fix: 'Write it shorter, or leave it as it is.',
          };
    case 'segments':
      return null;
  }
}

function numberedSentence(name: string, note: Extract<ChannelNote, { note: 'numbered' }>, label: string): Said | null {
  const fix = 'Write them shorter and each in its own words, or leave them: the number is understood as an answer.';
  switch (note.why) {
    case 'no-buttons':
      return null;
    case 'many':
      return { field: { choice: null }, reason: `${name} shows at most ${note.most} choices: these become a numbered text.`, fix };
    case 'long':
      return {
        field: { choice: note.choice },
        reason: `${name} shows at most ${note.length} characters of a choice, and "${label}" has ${label.length}: these become a numbered text.`,
        fix,
      };
    case 'same':
      return { field: { choice: null }, reason: `${name} takes no two choices that read the same: these become a numbered text.`, fix };
  }
}

/** Where in the settings it stands: the setting that the definition passed on as it is. */
function fieldAt(config: JsonObject, message: OutgoingMessage, field: Said['field']): { field?: string } {
  const wanted: unknown = field === 'text' ? message.text : message.buttons;
  const key = Object.entries(config).find(([, value]) => value === wanted)?.[0];
  if (key === undefined) return {};
  return { field: field === 'text' || field.choice === null ? key : `${key}.${field.choice}.label` };
}
