import { HoldfastError } from '@holdfast/errors';
import type { CheckWorld } from '@holdfast/node-kit';
import { celProblem } from '../cel.ts';
import type { Finding } from '../finding.ts';
import { mapReadingFields, type ReadingField } from '../reading-fields.ts';
import { celNames, pathName, templateNames, unguardedNames, type Name } from '../template-names.ts';
import type { FlowView, ViewedNode } from './flow-view.ts';
import { findRanBefore, type RanBefore } from './ran-before.ts';
import { hasProperty } from './output-shape.ts';

/** Texts that can't be filled in, and values that don't exist or may not be there when the step runs. */
export function checkReadings(flow: FlowView, world?: CheckWorld): Finding[] {
  const ranBefore = findRanBefore(flow);
  return [...flow.nodes.values()].flatMap((viewed) =>
    fieldsOf(viewed).flatMap((field) => checkField({ flow, world, ranBefore, viewed, field })),
  );
}

function fieldsOf({ node, definition }: ViewedNode): ReadingField[] {
  const fields: ReadingField[] = [];
  if (definition) mapReadingFields(definition.config, node.config, (field) => fields.push(field));
  return fields;
}

interface Reading {
  flow: FlowView;
  world: CheckWorld | undefined;
  ranBefore: RanBefore;
  viewed: ViewedNode;
  field: ReadingField;
}

function checkField(reading: Reading): Finding[] {
  const { viewed, field } = reading;
  try {
    const problem = field.reads === 'cel' ? celProblem(field.text) : null;
    if (problem) return [syntaxFinding(viewed, field, problem)];
    const names = { template: templateNames, path: (text: string) => [pathName(text)], cel: celNames }[field.reads](field.text);
    const unguarded = field.reads === 'template' ? unguardedNames(field.text) : new Set<string>();
    return names.flatMap((name) => checkName(reading, name, unguarded.has(name.join('.'))));
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return [syntaxFinding(viewed, field, error.detail)];
  }
}

const syntaxFinding = ({ node, label }: ViewedNode, field: ReadingField, problem: string): Finding => ({
  code: 'template.syntax',
  severity: 'error',
  node: node.id,
  field: field.path,
  reason: `${label}: ${problem}`,
  fix: 'Open the step and choose the values again.',
});

function checkName(reading: Reading, name: Name, isUnguarded: boolean): Finding[] {
  const [root, second, ...rest] = name;
  const { flow, world, viewed, field } = reading;
  const found = (severity: Finding['severity'], reason: string, fix = 'Open the step and choose the value again.'): Finding[] => [
    { code: 'template.unknown-name', severity, node: viewed.node.id, field: field.path, reason: `${viewed.label} ${reason}`, fix },
  ];
  switch (root) {
    case 'nodes':
      return second === undefined ? [] : checkStepName(reading, { step: second, rest, isUnguarded, found });
    case 'trigger':
      return isOfTrigger(flow, second === undefined ? [] : [second, ...rest])
        ? []
        : found('warning', `uses "${name.join('.')}", which the start of this flow does not bring.`);
    case 'variables':
      return second === undefined || !world || world.variables.includes(second)
        ? []
        : found('error', `uses the variable "${second}", which does not exist.`, `Add the variable "${second}", or choose another one.`);
    case 'contact':
    case 'conversation':
    case 'run':
      return second === undefined || known[root].includes(second) ? [] : found('error', `uses "${root}.${second}", which does not exist.`);
    default:
      return found('error', `uses "${name.join('.')}", which does not exist.`);
  }
}

const known: Record<'contact' | 'conversation' | 'run', readonly string[]> = {
  contact: ['id', 'name', 'language', 'attributes'],
  conversation: ['id', 'channel', 'channelKind', 'history'],
  run: ['id', 'startedAt', 'flow'],
};

interface StepName {
  step: string;
  rest: readonly string[];
  isUnguarded: boolean;
  found: (severity: Finding['severity'], reason: string, fix?: string) => Finding[];
}

function checkStepName({ flow, ranBefore, viewed }: Reading, { step, rest, isUnguarded, found }: StepName): Finding[] {
  const other = flow.nodes.get(step);
  if (!other) return found('error', `uses a value of a step "${step}", which the flow does not have.`);
  // What the start answers its caller with is filled in when the run has ended.
  if (viewed.definition?.kind === 'trigger') return hasProperty(other.definition?.output, rest) ? [] : bringsNot(rest, other, found);
  // Nothing can be said about the order of steps that no way leads to; that they are loose is told elsewhere.
  if (flow.reached.has(viewed.node.id) && step !== viewed.node.id && !ranBefore.maybe(viewed.node.id, step))
    return found(
      'warning',
      `uses a value of ${other.label}, which does not come before it.`,
      `Draw ${other.label} before this step, or choose another value.`,
    );
  if (isUnguarded && flow.reached.has(viewed.node.id) && !ranBefore.surely(viewed.node.id, step))
    return found(
      'warning',
      `uses a value of ${other.label}, which may not have run by then.`,
      'Say what to use instead: add a default to the value.',
    );
  return hasProperty(other.definition?.output, rest) ? [] : bringsNot(rest, other, found);
}

const bringsNot = (rest: readonly string[], other: ViewedNode, found: StepName['found']): Finding[] =>
  found('warning', `uses "${rest.join('.')}" of ${other.label}, which that step does not bring.`);

/** A flow may start in several ways; what one of them brings is not wrong. */
function isOfTrigger(flow: FlowView, path: readonly string[]): boolean {
  const triggers = [...flow.nodes.values()].flatMap(({ definition }) => (definition?.kind === 'trigger' ? [definition] : []));
  return triggers.length === 0 || triggers.some((definition) => hasProperty(definition.output, path));
}
