import type { CheckWorld, ConfigFinding, KnownTemplate, MessageTemplate } from '@holdfast/node-kit';
import { templateFields } from '@holdfast/node-kit';
import { z } from 'zod';

const templateValue = z.strictObject({
  key: z.string().min(1).max(200),
  value: z.string().max(4_000).default('').meta({ title: 'Value', template: true }),
});

/** A text that the channel's provider has approved, and the values for its places. */
export const messageTemplate = z.strictObject({
  name: z.string().min(1, 'Choose a template').max(512),
  language: z.string().min(2, 'Choose a template').max(16),
  values: z.array(templateValue).max(60).default([]),
});
export type MessageTemplateConfig = z.infer<typeof messageTemplate>;

export const templateOf = (given: MessageTemplateConfig | undefined): { template?: MessageTemplate } =>
  given === undefined
    ? {}
    : {
        template: {
          name: given.name,
          language: given.language,
          parameters: Object.fromEntries(given.values.map(({ key, value }) => [key, value])),
        },
      };

/** What is wrong with a step's template, as far as the workspace's templates are known. */
export function checkTemplate(given: MessageTemplateConfig | undefined, { templates }: CheckWorld): ConfigFinding[] {
  if (given === undefined || templates === undefined) return [];
  const found = templates.filter(({ name, language }) => name === given.name && language === given.language);
  const usable = found.find(({ status }) => status === 'approved') ?? found[0];
  if (!usable)
    return [
      finding('error', 'No channel has this template in this language.', 'Refresh the templates under Channels, or choose another one.'),
    ];
  return [...statusFindings(usable), ...valueFindings(given, usable)];
}

const finding = (severity: ConfigFinding['severity'], reason: string, fix: string): ConfigFinding => ({
  field: 'template',
  severity,
  reason,
  fix,
});

function statusFindings({ status }: KnownTemplate): ConfigFinding[] {
  if (status === 'approved') return [];
  if (status === 'pending')
    return [
      finding(
        'warning',
        'WhatsApp has not approved this template yet.',
        'Until then this step leaves by "Refused" where the template would be needed.',
      ),
    ];
  return [finding('error', 'WhatsApp does not take this template any more.', 'Choose another one.')];
}

function valueFindings(given: MessageTemplateConfig, template: KnownTemplate): ConfigFinding[] {
  const fields = templateFields(template);
  const valueOf = (key: string) => given.values.find((one) => one.key === key)?.value.trim() ?? '';
  const isMissing = fields.some(({ key, kind }) => kind !== 'payload' && valueOf(key) === '');
  const isOutdated = given.values.some(({ key }) => !fields.some((field) => field.key === key));
  return [
    ...(isMissing ? [finding('error', 'A place of this template has no value.', 'Fill in each of its places.')] : []),
    ...(isOutdated
      ? [finding('warning', 'This template has changed: one of the values has no place any more.', 'Choose the template again.')]
      : []),
  ];
}
