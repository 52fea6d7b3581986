import colors from 'picocolors';

/** What the terminal shows: one calm line per event, plain when it is no terminal. */
export interface Report {
  title(text: string): void;
  line(part: string, text: string): void;
  trouble(part: string, text: string): void;
  ready(lines: string[]): void;
  failed(message: string, hint?: string): void;
}

export const createReport = (out: NodeJS.WritableStream = process.stdout, err: NodeJS.WritableStream = process.stderr): Report => {
  const entry = (part: string, text: string): string => `  ${part.padEnd(11)} ${text}\n`;
  return {
    title: (text) => void out.write(`\n${colors.bold(text)}\n`),
    line: (part, text) => void out.write(entry(part, text)),
    trouble: (part, text) => void out.write(colors.yellow(entry(part, text))),
    ready: (lines) => void out.write(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`),
    failed: (message, hint) => void err.write(`\n${colors.red(message)}\n${hint ? `${hint}\n` : ''}`),
  };
};

export const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
