import { setTimeout as pause } from 'node:timers/promises';
import type { Letter, Line } from './line.ts';
import type { Delivery } from './plan.ts';

/** When a message could first have been taken in, and when it certainly had been. */
export interface Brought {
  startedAt: number;
  takenAt: number;
}

/** What is due within this time goes together. */
const tickMs = 100;

/** Carries out a plan. Where the provider keeps an order of its own, one delivery follows the other. */
export async function carry(line: Line, plan: readonly Delivery[]): Promise<Map<string, Brought>> {
  const brought = new Map<string, Brought>();
  const underway: Promise<void>[] = [];
  const beganAt = performance.now();
  for (let next = 0; next < plan.length;) {
    await pause(Math.max(0, (plan[next]?.atMs ?? 0) - (performance.now() - beganAt)));
    const due = plan.slice(next).filter(({ atMs }) => atMs <= performance.now() - beganAt + tickMs);
    next += Math.max(1, due.length);
    const bringing = bring(
      line,
      due.map(({ letter }) => letter),
      brought,
    );
    if (line.isOrdered) await bringing;
    else underway.push(bringing);
  }
  await Promise.all(underway);
  return brought;
}

async function bring(line: Line, letters: readonly Letter[], brought: Map<string, Brought>): Promise<void> {
  const startedAt = performance.now();
  await line.bring(letters);
  const takenAt = performance.now();
  for (const [place, { name }] of letters.entries()) {
    const before = brought.get(name);
    // An ordered line takes them one after the other; a copy changes nothing about when its message was first there.
    const own = line.isOrdered ? { startedAt: startedAt + place * 1e-6, takenAt: startedAt + place * 1e-6 } : { startedAt, takenAt };
    if (line.isOrdered && before) continue;
    brought.set(name, {
      startedAt: Math.min(own.startedAt, before?.startedAt ?? Infinity),
      takenAt: Math.min(own.takenAt, before?.takenAt ?? Infinity),
    });
  }
}
