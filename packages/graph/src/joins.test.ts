import { flowFromText, testCatalog } from '@holdfast/test-kit/flows';
import { describe, expect, test } from 'vitest';
import { advance, originOf } from './advance.ts';
import { applyEntry } from './apply-entry.ts';
import { joinOutput } from './join-output.ts';
import { fold } from './fold.ts';
import { compile } from './plan.ts';
import type { RunState } from './run-state.ts';
import { rootStepId } from './step-id.ts';

const at = '2026-11-23T03:00:00.000Z';

/** A run that a test leads by hand: `leave('a', 'left')` ends the step of `a` that came up first. */
function walk(text: string, modes: Record<string, 'all' | 'any'> = {}) {
  const configs = Object.fromEntries(Object.entries(modes).map(([node, mode]) => [node, { mode }]));
  const plan = compile(flowFromText(text, { configs }), 'version_test', testCatalog);
  let state: RunState = fold(plan, [{ kind: 'run-started', at, node: 'start', step: rootStepId('run_1'), port: 'out', input: {} }]);
  return {
    ready: () => advance(plan, state).ready.map((step) => step.node),
    isDone: () => advance(plan, state).isDone,
    leave(node: string, port: string) {
      const step = advance(plan, state).ready.find((each) => each.node === node);
      if (!step) throw new Error(`${node} is not ready`);
      const output = step.arrived ? joinOutput(state, step) : `${node} by ${port}`;
      state = applyEntry(plan, state, { kind: 'step-ended', at, ...originOf(step), port, output, how: 'ran' });
      return this;
    },
    output: (node: string) => state.outputs.get(node),
  };
}

describe('a join for all', () => {
  test('waits for every branch of the fork and hands on their outputs by step', () => {
    const run = walk(`
      start:begin.out -> a:choose, b:choose
      a.left -> both:meet.out -> after:choose
      b.left -> both
    `);
    run.leave('a', 'left');
    expect(run.ready()).toEqual(['b']);
    run.leave('b', 'left');
    expect(run.ready()).toEqual(['both']);
    run.leave('both', 'out');
    expect(run.output('both')).toEqual({ a: 'a by left', b: 'b by left' });
    expect(run.ready()).toEqual(['after']);
  });

  test('does not wait for the way that an if/else did not take', () => {
    const run = walk(`
      start:begin.out -> which:choose
      which.left -> one:choose.left -> both:meet
      which.right -> two:choose.left -> both
    `);
    run.leave('which', 'left').leave('one', 'left');
    expect(run.ready()).toEqual(['both']);
  });

  test('goes on when the other branch ended elsewhere, before or after', () => {
    const flow = `
      start:begin.out -> a:choose, b:choose
      a.left -> both:meet
      b.left -> both
      b.right -> apart:stop
    `;
    const early = walk(flow).leave('b', 'right').leave('apart', 'end').leave('a', 'left');
    expect(early.ready()).toEqual(['both']);
    const late = walk(flow).leave('a', 'left');
    expect(late.ready()).toEqual(['b']);
    expect(late.leave('b', 'right').ready()).toEqual(['apart', 'both']);
  });

  test('gathers nested forks once when all of their branches lead to it', () => {
    const run = walk(`
      start:begin.out -> a:choose, b:choose
      a.left -> c:choose, d:choose
      b.left -> all:meet
      c.left -> all
      d.left -> all
    `);
    run.leave('a', 'left').leave('c', 'left').leave('d', 'left');
    expect(run.ready()).toEqual(['b']);
    expect(run.leave('b', 'left').ready()).toEqual(['all']);
  });

  test('of an inner fork goes on while the outer fork’s other branch still runs', () => {
    const run = walk(`
      start:begin.out -> a:choose, slow:choose
      a.left -> c:choose, d:choose
      c.left -> inner:meet
      d.left -> inner.out -> outer:meet.out -> after:stop
      slow.left -> outer
    `);
    run.leave('a', 'left').leave('c', 'left').leave('d', 'left');
    expect(run.ready()).toEqual(['slow', 'inner']);
    run.leave('inner', 'out');
    expect(run.ready()).toEqual(['slow']);
    expect(run.leave('slow', 'left').ready()).toEqual(['outer']);
  });

  test.each([
    ['after', 'a.left -> two:meet\nb.left -> two.out -> three:meet\nc.left -> three'],
    ['before', 'c.left -> three:meet\na.left -> two:meet\nb.left -> two.out -> three'],
  ])('meets the branches that an earlier join brought together, drawn %s it', (_, joins) => {
    const run = walk(`start:begin.out -> a:choose, b:choose, c:choose\n${joins}`);
    run.leave('c', 'left').leave('a', 'left').leave('b', 'left');
    expect(run.ready()).toEqual(['two']);
    run.leave('two', 'out');
    expect(run.ready()).toEqual(['three']);
    run.leave('three', 'out');
    expect(run.output('three')).toEqual({ two: { a: 'a by left', b: 'b by left' }, c: 'c by left' });
    expect(run.isDone()).toBe(true);
  });

  test('joins each round of a loop by itself', () => {
    const run = walk(`
      start:begin.out -> fork:choose
      fork.left -> a:choose, b:choose
      a.left -> both:meet
      b.left -> both.out -> again:choose.left -> fork
    `);
    for (const _ of [1, 2, 3]) run.leave('fork', 'left').leave('a', 'left').leave('b', 'left').leave('both', 'out').leave('again', 'left');
    expect(run.ready()).toEqual(['fork']);
  });

  test('loses no branch that comes after it could wait no longer', () => {
    const run = walk(`
      start:begin.out -> one:meet, a:choose
      a.left -> two:meet.out -> one
      one.out -> a
    `);
    run.leave('a', 'left').leave('one', 'out').leave('a', 'right').leave('two', 'out');
    expect(run.ready()).toEqual(['one']);
  });

  const rounds = `
    start:begin.out -> fork:choose
    fork.left -> a:choose, b:choose
    a.left -> both:meet
    b.left -> both
    b.right -> fork
  `;

  test('does not wait for a branch that went round to fork anew', () => {
    const run = walk(rounds).leave('fork', 'left').leave('a', 'left').leave('b', 'right');
    expect(run.ready()).toEqual(['fork', 'both']);
  });

  test('keeps the rounds of a loop apart when they overlap', () => {
    const run = walk(rounds).leave('fork', 'left').leave('b', 'right').leave('fork', 'left');
    expect(run.ready()).toEqual(['a', 'a', 'b']);
    run.leave('a', 'left');
    expect(run.ready()).toEqual(['a', 'b', 'both']);
    run.leave('b', 'left').leave('both', 'out');
    expect(run.ready()).toEqual(['a']);
    expect(run.leave('a', 'left').ready()).toEqual(['both']);
  });

  test('is passed again and again by a loop that comes back without forking', () => {
    const run = walk(`
      start:begin.out -> a:choose, b:choose
      a.left -> both:meet
      b.left -> both.out -> check:choose.left -> both
    `);
    run.leave('a', 'left').leave('b', 'left').leave('both', 'out');
    for (const _ of [1, 2]) run.leave('check', 'left').leave('both', 'out');
    expect(run.ready()).toEqual(['check']);
    expect(run.output('both')).toEqual({ check: 'check by left' });
  });

  const conversation = `
      top.left -> a:choose, b:choose
      a.left -> c:choose, d:choose
      a.right -> inner:meet
      c.left -> inner
      d.left -> inner.out -> outer:meet
      b.left -> outer.out -> top
  `;

  test.each([
    ['alone', `start:begin.out -> top:choose\n${conversation}`],
    ['beside another branch', `start:begin.out -> top:choose, log:stop\n${conversation}`],
  ])('inside a conversation that goes round, %s, is not held up by the branch outside of it', (_, flow) => {
    const run = walk(flow);
    run.leave('top', 'left').leave('a', 'left').leave('c', 'left').leave('d', 'left');
    expect(run.ready().filter((node) => node !== 'log')).toEqual(['b', 'inner']);
  });

  test.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('never stands still for another join that waits for it in turn: %s first', (...order) => {
    const run = walk(`
      start:begin.out -> a:choose, b:choose
      a.left -> one:meet.out -> x:choose.left -> other:meet
      b.left -> other.out -> y:choose.left -> one
    `);
    for (const node of order) run.leave(node, 'left');
    expect(run.ready()).toEqual(['one']);
    run.leave('one', 'out').leave('x', 'left');
    expect(run.ready()).toEqual(['other']);
    run.leave('other', 'out').leave('y', 'left').leave('one', 'out').leave('x', 'left').leave('other', 'out');
    expect(run.ready()).toEqual(['y']);
  });
});

describe('a join for any', () => {
  const race = `
    start:begin.out -> fast:choose, slow:choose
    fast.left -> first:meet
    slow.left -> first.out -> after:choose
  `;

  test('goes on with the first branch and swallows the other', () => {
    const run = walk(race, { first: 'any' }).leave('fast', 'left');
    expect(run.ready()).toEqual(['slow', 'first']);
    run.leave('first', 'out').leave('slow', 'left');
    expect(run.output('first')).toEqual({ fast: 'fast by left' });
    expect(run.ready()).toEqual(['after']);
    expect(run.leave('after', 'left').isDone()).toBe(true);
  });

  test('goes on again with a branch that came through it and was led back', () => {
    const run = walk(
      `
      start:begin.out -> fast:choose, slow:choose
      fast.left -> first:meet
      slow.left -> first.out -> check:choose.left -> first
    `,
      { first: 'any' },
    );
    run.leave('fast', 'left');
    for (const _ of [1, 2]) run.leave('first', 'out').leave('check', 'left');
    expect(run.ready()).toEqual(['slow', 'first']);
    expect(run.leave('slow', 'left').ready()).toEqual(['first']);
  });

  test('lets a later join wait for a branch that lost but may yet fork anew', () => {
    const run = walk(
      `
      start:begin.out -> p:choose, fork:choose
      fork.left -> x:choose, y:choose
      x.left -> first:meet
      y.left -> first.out -> both:meet
      y.right -> fork
      p.left -> both
    `,
      { first: 'any' },
    );
    run.leave('p', 'left').leave('fork', 'left').leave('x', 'left').leave('first', 'out');
    expect(run.ready()).toEqual(['y']);
    run.leave('y', 'right').leave('fork', 'left').leave('y', 'left').leave('first', 'out');
    expect(run.ready()).toEqual(['x', 'both']);
  });

  test('keeps no later join waiting for the branch that lost', () => {
    const run = walk(
      `${race}
      after.left -> p:choose, q:choose
      p.left -> both:meet
      q.left -> both
    `,
      { first: 'any' },
    );
    run.leave('fast', 'left').leave('first', 'out').leave('after', 'left').leave('p', 'left').leave('q', 'left');
    expect(run.ready()).toEqual(['slow', 'both']);
  });

  test('keeps a loser of an earlier round out of the next one', () => {
    const run = walk(
      `
      start:begin.out -> fork:choose
      fork.left -> fast:choose, slow:choose
      fast.left -> first:meet
      slow.left -> first.out -> again:choose.left -> fork
    `,
      { first: 'any' },
    );
    run.leave('fork', 'left').leave('fast', 'left').leave('first', 'out').leave('again', 'left').leave('fork', 'left');
    run.leave('slow', 'left');
    expect(run.ready()).toEqual(['fast', 'slow']);
    expect(run.leave('slow', 'left').ready()).toEqual(['fast', 'first']);
  });
});

test('a join that only one branch ever reaches is passed like any other step', () => {
  const run = walk('start:begin.out -> a:choose.left -> alone:meet.out -> a');
  for (const _ of [1, 2, 3]) run.leave('a', 'left').leave('alone', 'out');
  expect(run.ready()).toEqual(['a']);
});
