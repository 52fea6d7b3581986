/** A run of characters that look alike. Code carries no other look. */
export interface Span {
  text: string;
  bold?: true;
  italic?: true;
  strike?: true;
  code?: true;
  /** http, https, mailto or tel. */
  link?: string;
}

interface Position {
  /** Stands right below what comes before it, without an empty line between. */
  isTight?: true;
}

/** What a formatted text consists of, in order. A newline inside of a span is a line break. */
export type Block = Position &
  (
    | { kind: 'paragraph'; spans: Span[] }
    /** `start` is the first number of a numbered list; null makes bullets. */
    | { kind: 'list'; start: number | null; items: Span[][] }
    | { kind: 'code'; text: string; language: string }
  );
