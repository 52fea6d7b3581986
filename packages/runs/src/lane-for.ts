import type { NewRun } from '@holdfast/db';
import type { FlowSettings } from '@holdfast/graph';

/** What an operator decides for the whole installation: `HOLDFAST_LANES=temporal`. */
export type ForcedLane = 'temporal' | null;

/** `HOLDFAST_LANES`: `temporal`, or `both` when left out. Throws a sentence on anything else. */
export function readForcedLane({ HOLDFAST_LANES: lanes = '' }: { HOLDFAST_LANES?: string | undefined }): ForcedLane {
  const wanted = lanes.trim();
  if (wanted === '' || wanted === 'both') return null;
  if (wanted === 'temporal') return wanted;
  throw new Error(`HOLDFAST_LANES is "${wanted.slice(0, 100)}". Write "temporal" to keep runs out of the express lane, or leave it away.`);
}

/**
 * Where a run begins. Somebody may be waiting for what a webhook, a schedule or a person starts, and it mostly goes straight through:
 * express. A conversation waits between its messages: Temporal from the start. The flow's own setting decides otherwise; `forced` beats all.
 */
export function laneFor({
  source,
  settings,
  forced,
}: {
  source: NewRun['source'];
  settings: Partial<Pick<FlowSettings, 'lane'>>;
  forced: ForcedLane;
}): 'express' | 'temporal' {
  if (forced) return forced;
  if (settings.lane === 'express' || settings.lane === 'temporal') return settings.lane;
  return source === 'channel' ? 'temporal' : 'express';
}
