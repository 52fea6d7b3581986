import type { FlowFile } from '@holdfast/graph';

/** A flow that ships with Holdfast, with what it needs to work at once. */
export interface Template {
  id: string;
  name: string;
  summary: string;
  file: FlowFile;
  /** For the library of common answers. */
  answers: readonly { questions: string[]; answer: string; language: string }[];
  /** Variables to make where they don't exist yet. `demo_orders_url` gets the demo service's address from the app. */
  variables: FlowFile['nodes'][number]['config'];
}
