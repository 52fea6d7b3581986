import type { TextFormat } from '@holdfast/node-kit';
import { layOutText, spellOutLinks } from './lay-out.ts';
import { textOf } from './spans.ts';

/** A message's text without its formatting, as it is searched, exported and read by models: lists with bullets, links with their addresses. */
export const toPlainText = (text: string, format: TextFormat | undefined): string => textOf(spellOutLinks(layOutText(text, format)));
