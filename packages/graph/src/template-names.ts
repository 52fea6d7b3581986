import type { Scope } from '@holdfast/node-kit';
import { celReferences } from './cel.ts';
import { liquid } from './liquid.ts';
import { hasTemplate, parseTemplate, renderTemplate } from './render-template.ts';

/** A value's name, part by part: `['nodes', 'lookup', 'body', 'status']`. Ends where it is computed. */
export type Name = string[];

/** The values that a template uses. Throws template.invalid for a text that is none. */
export const templateNames = (text: string): readonly Name[] => readNames(text).names;

/** Of a template's names, those that it prints without asking first whether they are there, each as one text. */
export const unguardedNames = (text: string): ReadonlySet<string> => readNames(text).unguarded;

interface Names {
  names: readonly Name[];
  unguarded: ReadonlySet<string>;
}

const none: Names = { names: [], unguarded: new Set() };
/** The editor asks about all texts of a flow after every keystroke, and one of them has changed. */
const known = new Map<string, Names>();

function readNames(text: string): Names {
  if (!hasTemplate(text)) return none;
  const found = known.get(text) ?? { names: findNames(text), unguarded: new Set(renderTemplate(text, nothing).missing) };
  if (known.size >= 2_000) known.clear();
  known.set(text, found);
  return found;
}

function findNames(text: string): Name[] {
  return liquid.globalVariableSegmentsSync(parseTemplate(text)).map((segments) => {
    const computed = segments.findIndex((segment) => typeof segment === 'object');
    return (computed < 0 ? segments : segments.slice(0, computed)).map(String);
  });
}

const nothing: Scope = {
  trigger: {},
  nodes: {},
  contact: { id: '', name: '', language: '', attributes: {} },
  conversation: null,
  variables: {},
  run: { id: '', startedAt: '', flow: '' },
};

export const pathName = (path: string): Name => path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');

export const celNames = (text: string): Name[] => celReferences(text);
