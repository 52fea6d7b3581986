import { escapeHtml } from './escape-html.ts';
import { findLinks } from './links.ts';
import type { Block, Span } from './rich-text.ts';

// Inline, because mail readers drop style sheets; no colours, so that a reader's dark mode decides them.
const styles = {
  body: 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5',
  block: 'margin:0 0 14px',
  tight: 'margin:-14px 0 14px',
  list: 'margin:0 0 14px;padding-left:24px',
  tightList: 'margin:-12px 0 14px;padding-left:24px',
  code: 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px',
  pre: 'margin:0 0 14px;padding:10px 12px;border:1px solid #8886;border-radius:6px;white-space:pre-wrap;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px',
} as const;

/** The body of an HTML email: everything is escaped, links open http, https, mailto and tel only, and nothing is fetched. */
export const emailHtml = (blocks: readonly Block[]): string => `<div style="${styles.body}">\n${blocks.map(blockHtml).join('\n')}\n</div>`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p style="${block.isTight ? styles.tight : styles.block}">${block.spans.map(spanHtml).join('')}</p>`;
    case 'code':
      return `<pre style="${styles.pre}">${escapeHtml(block.text)}</pre>`;
    case 'list': {
      const tag = block.start === null ? 'ul' : 'ol';
      const start = block.start === null || block.start === 1 ? '' : ` start="${block.start}"`;
      const items = block.items.map((item) => `<li>${item.map(spanHtml).join('')}</li>`).join('\n');
      return `<${tag}${start} style="${block.isTight ? styles.tightList : styles.list}">\n${items}\n</${tag}>`;
    }
  }
}

function spanHtml(span: Span): string {
  const lines = (text: string) => escapeHtml(text).replaceAll('\n', '<br>\n');
  const words = span.link === undefined ? withLinks(span.text, lines) : anchor(span.link, lines(span.text));
  const code = span.code ? `<code style="${styles.code}">${words}</code>` : words;
  const strike = span.strike ? `<s>${code}</s>` : code;
  const italic = span.italic ? `<em>${strike}</em>` : strike;
  return span.bold ? `<strong>${italic}</strong>` : italic;
}

const anchor = (link: string, words: string): string => `<a href="${escapeHtml(link)}">${words}</a>`;

function withLinks(text: string, write: (text: string) => string): string {
  let html = '';
  let from = 0;
  for (const { start, end } of findLinks(text)) {
    const link = text.slice(start, end);
    html += write(text.slice(from, start)) + anchor(link, write(link));
    from = end;
  }
  return html + write(text.slice(from));
}
