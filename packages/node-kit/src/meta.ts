import type { Category } from './define.ts';

/** Hints for the form that the editor builds from a config schema; given through zod's `.meta()`. */
export interface FormHints {
  title?: string;
  description?: string;
  placeholder?: string;
  /** The text is a Liquid template: the editor offers the data picker, the run renders it. */
  template?: boolean;
  /** A code editor instead of a text line. */
  editor?: 'text' | 'prompt' | 'json' | 'schema' | 'sql';
  widget?: Widget;
  /** Only credentials of these kinds fit. */
  credentialKinds?: readonly string[];
  /** The words that people read for the values of a choice. */
  options?: Readonly<Record<string, string>>;
  /** A template that is one expression and nothing else keeps its value's type: `{{ nodes.lookup.body.total }}` stays a number. */
  keepsType?: boolean;
  /** The text is not Liquid, but names values all the same: `trigger.text`, or a condition in CEL. Checked like a template. */
  reads?: 'path' | 'cel';
  /**
   * `address`: what is inserted behind its beginning is one piece of it, encoded. `rich`: while the config's `textFormat` is `rich` the template writes a
   * formatted text, and what is inserted stays characters. JSON editors have their own such rule.
   */
  insertsAs?: 'address' | 'rich';
  /** What a new step begins with, where leaving the setting out means something else: steps from before the setting keep their meaning. */
  startsAs?: string;
  /** Shown under "More settings". */
  advanced?: boolean;
  /** Shown only while another field of the same object, or a part of one (`operation.method`), has one of these values. */
  showWhen?: { field: string; is: readonly (string | boolean)[] };
}

/** Inputs that are more than what their JSON type says. A new widget is one component in the editor's inspector. */
export type Widget =
  | 'credential'
  | 'duration'
  | 'key-value'
  | 'rules'
  | 'conditions'
  | 'channel'
  | 'channels'
  | 'node'
  | 'ladder'
  | 'cron'
  | 'buttons'
  | 'assignments'
  | 'webhook-path'
  | 'sheet-name'
  | 'sheet-column'
  | 'message-template'
  | 'operation'
  | 'operation-values'
  | 'hidden'
  | 'expected-activity'
  | 'file'
  | 'samples';

declare module 'zod' {
  // zod merges this into the type of `.meta()`, so a misspelt hint does not compile.
  interface GlobalMeta extends Omit<FormHints, 'title' | 'description'> {
    category?: Category;
  }
}
