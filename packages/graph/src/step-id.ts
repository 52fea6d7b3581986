import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

// 128 bits are plenty: an id is compared within one run, and its first part already names the run.
const hash = (parts: readonly string[]): string => `step_${bytesToHex(sha256(utf8ToBytes(parts.join('\n')))).slice(0, 32)}`;

/** The trigger's step: every other step of the run descends from it. */
export const rootStepId = (runId: string): string => hash(['root', runId]);

/** The same way through the graph gives the same id, in whichever process and however often it is computed. */
export const stepId = (parent: string, edge: string): string => hash(['edge', parent, edge]);

/** A join that gathered the branches of `fork`, for the `generation`-th time: branches.ts. */
export const joinStepId = (join: string, generation: number, fork: string): string => hash(['join', join, String(generation), fork]);

/** The first step of a new lineage; lineages count a run's jumps, so 1 is the first jump. */
export const jumpStepId = (runId: string, lineage: number): string => hash(['jump', runId, String(lineage)]);
