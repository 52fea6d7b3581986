import { findLinks, type Block, type Laid } from '@holdfast/messages';
import type { ReactNode } from 'react';
import classes from './rich-text.module.css';

/** A formatted text as it is meant. Links open in a new tab that learns nothing of this one; nothing is fetched for them. */
export const RichText = ({ blocks }: { blocks: readonly Block[] }) => (
  <div className={classes.text}>
    {blocks.map((block, index) => (
      <BlockView key={index} block={block} />
    ))}
  </div>
);

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p data-tight={block.isTight}>
          <LaidText spans={block.spans} />
        </p>
      );
    case 'code':
      return <pre data-tight={block.isTight}>{block.text}</pre>;
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index}>
          <LaidText spans={item} />
        </li>
      ));
      return block.start === null ? (
        <ul data-tight={block.isTight}>{items}</ul>
      ) : (
        <ol start={block.start} data-tight={block.isTight}>
          {items}
        </ol>
      );
    }
  }
}

/** Spans in a row; line breaks are kept by the text around them. */
export const LaidText = ({ spans }: { spans: readonly Laid[] }) => spans.map((span, index) => <SpanView key={index} span={span} />);

function SpanView({ span }: { span: Laid }) {
  if (span.pre !== undefined) return <pre>{span.text}</pre>;
  let words: ReactNode = span.link === undefined ? withLinks(span.text) : <TextLink to={span.link}>{span.text}</TextLink>;
  if (span.code) words = <code>{words}</code>;
  if (span.strike) words = <s>{words}</s>;
  if (span.italic) words = <em>{words}</em>;
  return span.bold ? <strong>{words}</strong> : words;
}

/** A plain text whose addresses can be followed. */
export function withLinks(text: string): ReactNode {
  const links = findLinks(text);
  if (links.length === 0) return text;
  return links.flatMap(({ start, end }, index) => [
    text.slice(links[index - 1]?.end ?? 0, start),
    <TextLink key={start} to={text.slice(start, end)}>
      {text.slice(start, end)}
    </TextLink>,
    ...(index === links.length - 1 ? [text.slice(end)] : []),
  ]);
}

const TextLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <a href={to} target="_blank" rel="noopener noreferrer nofollow" title={to} className={classes.link}>
    {children}
  </a>
);
