import { channelLimits, isMessageChannel, type MessageChannel } from '@holdfast/messages';
import type { FlowNode } from '@holdfast/graph';
import type { NodeDefinition } from '@holdfast/node-kit';
import { SegmentedControl } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSaid } from '../../parts/use-said.ts';
import { useFormContext } from '../form/form-context.tsx';
import { ChannelBubble } from './channel-bubble.tsx';
import { PreviewNotes } from './preview-notes.tsx';
import { previewMessage } from './preview-message.ts';
import css from './message-preview.module.css';

const order: readonly MessageChannel[] = ['whatsapp', 'telegram', 'email', 'sms', 'simulator'];

/** What the step's message looks like on each channel, with the values of the last run or of the examples. */
export function MessagePreview({ node, definition }: { node: FlowNode; definition: NodeDefinition }) {
  const { t } = useTranslation('inspector');
  const said = useSaid();
  const { scope } = useFormContext();
  const [chosen, choose] = useLocalStorage<string>({
    key: 'holdfast.preview-channel',
    defaultValue: 'whatsapp',
    getInitialValueInEffect: false,
  });
  const channel: MessageChannel = isMessageChannel(chosen) ? chosen : 'whatsapp';
  const config = useDeferredValue(node.config);
  const preview = useMemo(() => previewMessage(definition, { config, scope: scope(), channel }), [definition, config, scope, channel]);
  return (
    <section className={css.preview} aria-label={t('preview.label')}>
      <h3>{t('preview.label')}</h3>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('preview.channel')}
        styles={{
          control: { flex: '1 1 auto' },
          label: { padding: '2px 6px', fontSize: '12px', fontWeight: 500, letterSpacing: '-0.01em' },
        }}
        value={channel}
        onChange={choose}
        data={order.filter((kind) => kind in channelLimits).map((kind) => ({ value: kind, label: t(`preview.kind.${kind}`) }))}
      />
      <div className={css.stage} data-channel={channel}>
        {preview.kind === 'message' ? (
          preview.pieces.map((piece, index) => <ChannelBubble key={index} channel={channel} piece={piece} message={preview.message} />)
        ) : preview.kind === 'problem' ? (
          <p className={css.problem}>
            <IconAlertTriangle size={14} stroke={1.5} aria-hidden /> {said(preview.text)}
          </p>
        ) : (
          <p className={css.unfinished}>{t('preview.unfinished')}</p>
        )}
      </div>
      {preview.kind === 'message' ? <PreviewNotes channel={channel} preview={preview} /> : null}
    </section>
  );
}
