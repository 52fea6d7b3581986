import { expect, test } from 'vitest';
import { firstView } from './first-view.ts';

const card = (x: number, y: number, isStart = false) => ({ x, y, width: 240, height: 130, isStart });
const frame = { width: 1000, height: 600 };

test('a small flow is shown whole, in the middle and never enlarged', () => {
  expect(firstView([card(0, 0, true), card(320, 0)], frame)).toEqual({ x: 220, y: 235, zoom: 1 });
});

test('a large flow is shown from its start in a readable size', () => {
  const cards = Array.from({ length: 30 }, (_, index) => card(index * 320, index * 40, index === 0));
  expect(firstView(cards, frame)).toMatchObject({ x: 48, zoom: 0.8 });
});
