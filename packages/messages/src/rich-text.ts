/** A run of characters that look alike. */
export interface Span {
  text: string;
  bold?: true;
  italic?: true;
  strike?: true;
  code?: true;
  /** http, https, mailto or tel. */
  link?: string;
}

export type Block =
  | { kind: 'paragraph'; spans: Span[] }
  /** `start` is the first number of a numbered list; null makes bullets. */
  | { kind: 'list'; start: number | null; items: Span[][] }
  | { kind: 'code'; text: string; language: string };
