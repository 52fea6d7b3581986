import { HoldfastError, type Words } from '@holdfast/errors';
import type { DescribedOperation } from '@holdfast/node-kit';

/** What was read of a service's document. */
export interface Description {
  kind: 'openapi' | 'wsdl';
  name: string;
  version: string;
  servers: { url: string; title: string }[];
  /** Ways to prove who we are, with the credential kinds that can. */
  security: { name: string; title: string; kinds: string[] }[];
  operations: DescribedOperation[];
  /** What is left out, in words. */
  notes: string[];
}

/** Reads one kind of document. Fetches nothing; throws service.document. */
export type ReadDescription = (text: string, from: { sourceUrl: string | null }) => Description;

/** More operations than these are no palette. */
export const maxOperations = 1_000;

/** Throws service.document: what is wrong, and where in the document. */
export const unreadable = (detail: Words, path?: string, hint?: Words): HoldfastError =>
  new HoldfastError('service.document', { detail, ...(path === undefined ? {} : { path }), ...(hint === undefined ? {} : { hint }) });
