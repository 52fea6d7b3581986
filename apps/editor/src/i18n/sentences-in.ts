import { parseSync } from 'vite';

interface Node {
  type: string;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
const nodeAt = (node: Node, key: string): Node | null => (isNode(node[key]) ? node[key] : null);
const nodesAt = (node: Node, key: string): Node[] => (Array.isArray(node[key]) ? node[key].filter(isNode) : []);

export interface Sentences {
  /** Keys of what `say` makes. */
  made: string[];
  /** Strings that are sentences, and words that stand in for a value of `say`. */
  plain: string[];
  /** Sentences of an error with values that `say` did not make. */
  unmade: string[];
  literals: string[];
}

const isSentence = (text: string): boolean => /^[“"A-ZÀ-Ý:].*[.?…:]$/s.test(text) && text.includes(' ');
const isWords = (text: string): boolean => /\p{L}{3}/u.test(text);
/** What is said here goes to a log, or to whoever wrote the program. */
const isElsewhere = (node: Node, source: string): boolean => {
  const callee = nodeAt(node, 'callee');
  const name = callee ? source.slice(Number(callee['start']), Number(callee['end'])) : '';
  return node.type === 'CallExpression'
    ? /\blog\b|logger|console|\bwarn\b|\.query$|describe$|\.meta$|meta$/.test(name)
    : /^(?:Error|TypeError|StackError)$/.test(name);
};

/** What a file of the server writes for people. */
export function sentencesIn(path: string, source: string): Sentences {
  const found: Sentences = { made: [], plain: [], unmade: [], literals: [] };
  visit(parseSync(path, source).program, { found, source, isElsewhere: false });
  return found;
}

interface Visit {
  found: Sentences;
  source: string;
  isElsewhere: boolean;
}

function visit(value: unknown, at: Visit): void {
  if (Array.isArray(value)) for (const each of value) visit(each, at);
  if (!isNode(value)) return;
  const here = {
    ...at,
    isElsewhere: at.isElsewhere || ((value.type === 'CallExpression' || value.type === 'NewExpression') && isElsewhere(value, at.source)),
  };
  if (value.type === 'ImportDeclaration' || value.type === 'TSLiteralType') return;
  if (value.type === 'TaggedTemplateExpression' && nodeAt(value, 'tag')?.['name'] === 'say') {
    const quasi = nodeAt(value, 'quasi');
    if (quasi) here.found.made.push(keyOf(quasi));
    for (const expression of quasi ? nodesAt(quasi, 'expressions') : []) standIn(expression, here.found);
  }
  note(value, here);
  for (const [key, inner] of Object.entries(value)) if (key !== 'type') visit(inner, here);
}

function note(node: Node, { found, isElsewhere: isUnread }: Visit): void {
  const text = textOf(node);
  if (text !== null) found.literals.push(text);
  if (text !== null && !isUnread && isSentence(text)) found.plain.push(text);
  if (node.type !== 'NewExpression' || nodeAt(node, 'callee')?.['name'] !== 'HoldfastError') return;
  const facts = nodesAt(node, 'arguments')[1];
  for (const property of facts ? nodesAt(facts, 'properties') : [])
    if (/^(?:detail|hint)$/.test(String(nodeAt(property, 'key')?.['name'])))
      for (const choice of choicesOf(nodeAt(property, 'value')))
        if (choice.type === 'TemplateLiteral' && nodesAt(choice, 'expressions').length > 0) found.unmade.push(keyOf(choice));
}

/** A value that is one of several words of ours. */
function standIn(expression: Node, found: Sentences): void {
  if (expression.type !== 'ConditionalExpression' && expression.type !== 'LogicalExpression') return;
  for (const choice of choicesOf(expression)) {
    const text = textOf(choice);
    if (text !== null && isWords(text)) found.plain.push(text);
    if (choice.type === 'TemplateLiteral' && text === null && isWords(keyOf(choice))) found.unmade.push(keyOf(choice));
  }
}

function choicesOf(node: Node | null): Node[] {
  if (!node) return [];
  if (node.type === 'ParenthesizedExpression') return choicesOf(nodeAt(node, 'expression'));
  if (node.type === 'ConditionalExpression') return [...choicesOf(nodeAt(node, 'consequent')), ...choicesOf(nodeAt(node, 'alternate'))];
  if (node.type === 'LogicalExpression') return [...choicesOf(nodeAt(node, 'left')), ...choicesOf(nodeAt(node, 'right'))];
  return [node];
}

function textOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : null;
  return node.type === 'TemplateLiteral' && nodesAt(node, 'expressions').length === 0 ? keyOf(node) : null;
}

const keyOf = (template: Node): string =>
  nodesAt(template, 'quasis')
    .map((quasi, index) => {
      const { value } = quasi;
      const cooked = typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : '';
      return index === 0 ? cooked : `{${index}}${cooked}`;
    })
    .join('');
