import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { FlowFile } from './flow-file.ts';

/**
 * What a published version is called: the hash of its canonical JSON (RFC 8785) without positions and notes, so moving a
 * step on the canvas makes no new version, nor does a setting that says what was so without it. Nodes and edges count in the order they are drawn, since that order settles ties.
 */
export function versionId(file: FlowFile): string {
  const graph = {
    format: file.format,
    name: file.name,
    description: file.description,
    settings: { ...file.settings, lane: file.settings.lane === 'auto' ? undefined : file.settings.lane },
    nodes: file.nodes.map(({ id, type, typeVersion, name, config }) => ({ id, type, typeVersion, name, config })),
    edges: file.edges,
  };
  return `version_${bytesToHex(sha256(utf8ToBytes(canonicalize(graph) ?? ''))).slice(0, 32)}`;
}
