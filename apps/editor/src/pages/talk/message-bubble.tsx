import { endpoints, type Message } from '@holdfast/contracts';
import { Button, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCheck,
  IconChecks,
  IconClock,
  IconEye,
  IconQuestionMark,
  IconRobot,
  IconUser,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { MessageWords } from '../../parts/message-words.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import { useSaid } from '../../parts/use-said.ts';
import { AttachmentList } from './attachment-list.tsx';
import classes from './message-bubble.module.css';
import { messageFate, type Fate } from './message-fate.ts';

/** One message: who said it, what, and what became of it. */
export function MessageBubble({ message, showsAuthor }: { message: Message; showsAuthor: boolean }) {
  const { t } = useTranslation('inbox');
  const format = useFormat();
  const fate = messageFate(message);
  const Author = message.author === 'bot' ? IconRobot : IconUser;
  return (
    <div className={classes.message} data-author={message.author}>
      {showsAuthor && message.author !== 'customer' ? (
        <span className={classes.author}>
          <Author size={13} stroke={1.75} aria-hidden />
          {message.author === 'bot'
            ? t('messages.bot')
            : (message.authorName ?? t(isFromPhone(message) ? 'messages.onPhone' : 'messages.colleague'))}
        </span>
      ) : null}
      <div className={classes.bubble} data-fate={fate}>
        <AttachmentList attachments={message.attachments} />
        <MessageWords message={message} />
        {message.buttons.length > 0 ? (
          <ul className={classes.buttons} aria-label={t('messages.buttons')}>
            {message.buttons.map(({ id, label }) => (
              <li key={id}>{label}</li>
            ))}
          </ul>
        ) : null}
      </div>
      <span className={classes.foot}>
        <Tooltip label={format.exact(message.at)}>
          <time dateTime={message.at}>{format.moment(message.at)}</time>
        </Tooltip>
        {message.editedAt ? <span>{t('messages.edited')}</span> : null}
        {fate ? <FateWord fate={fate} waitsFor={fate === 'pending' ? message.problem : null} /> : null}
        {message.price?.micro && message.price.currency ? (
          <Tooltip label={t('messages.price', { category: message.price.category ?? '' })}>
            <span className="tabular">
              {message.price.isEstimate ? '≈ ' : ''}
              {format.price(message.price.micro, message.price.currency)}
            </span>
          </Tooltip>
        ) : null}
        <Reactions message={message} />
      </span>
      {fate === 'pending' && message.problem ? <Waiting problem={message.problem} /> : null}
      {fate === 'refused' || fate === 'unknown' ? <Trouble message={message} fate={fate} /> : null}
    </div>
  );
}

/** Staff wrote it with the provider's own app. */
const isFromPhone = ({ metadata }: Message): boolean => metadata['by'] === 'provider-app';

function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const reactions = message.metadata['reactions'];
  if (reactions === null || typeof reactions !== 'object' || Array.isArray(reactions)) return null;
  const emojis = Object.values(reactions).filter((emoji) => typeof emoji === 'string');
  return emojis.length === 0 ? null : <span aria-label={t('messages.reactions')}>{emojis.join(' ')}</span>;
}

const glyphs: Record<Fate, Icon> = {
  pending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconEye,
  refused: IconX,
  unknown: IconQuestionMark,
  cancelled: IconX,
};

function FateWord({ fate, waitsFor }: { fate: Fate; waitsFor: Message['problem'] }) {
  const format = useFormat();
  const { t } = useTranslation('inbox');
  const Glyph = glyphs[fate];
  return (
    <span className={classes.fate} data-fate={fate}>
      <Glyph size={13} stroke={1.75} aria-hidden />
      {waitsFor?.notBefore ? t('fate.comesAgain', { time: format.moment(waitsFor.notBefore) }) : t(`fate.${waitsFor ? 'waits' : fate}`)}
    </span>
  );
}

/** It goes out by itself: why not yet. */
function Waiting({ problem }: { problem: NonNullable<Message['problem']> }) {
  const { t } = useTranslation('problems');
  const said = useSaid();
  return (
    <p className={classes.waiting}>
      {titleOfProblem(t, problem)}: {said(problem.detail, problem.said?.detail)}
    </p>
  );
}

function Trouble({ message, fate }: { message: Message; fate: 'refused' | 'unknown' }) {
  const { t } = useTranslation('inbox');
  const { t: tProblem } = useTranslation('problems');
  const said = useSaid();
  const maySettle = useMay('runs.override') && fate === 'unknown';
  const settle = useAct(endpoints.settleSend, { refreshes: [endpoints.listMessages, endpoints.getRun] });
  const decide = (choice: 'arrived' | 'send-again') => settle.mutate({ params: { id: message.id }, body: { settle: choice } });
  return (
    <div className={classes.trouble}>
      <p>
        <IconAlertTriangle size={14} stroke={1.75} aria-hidden />{' '}
        {message.problem
          ? `${titleOfProblem(tProblem, message.problem)}: ${said(message.problem.detail, message.problem.said?.detail)}`
          : t(`fate.${fate}Means`)}
      </p>
      {maySettle ? (
        <div className={classes.settle}>
          <Button size="compact-xs" variant="default" onClick={() => decide('arrived')} loading={settle.isPending}>
            {t('settle.arrived')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => decide('send-again')} loading={settle.isPending}>
            {t('settle.again')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
