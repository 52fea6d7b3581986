import type { Widget } from '@holdfast/node-kit';
import type { FormField } from '../form/form-field.ts';
import { AssignmentsWidget } from './assignments-widget.tsx';
import { ChannelWidget } from './channel-widget.tsx';
import { ChannelsWidget } from './channels-widget.tsx';
import { ChoiceWidget, SwitchWidget } from './choice-widget.tsx';
import { CodeWidget } from './code-widget.tsx';
import { ConditionsWidget } from './conditions-widget.tsx';
import { CredentialWidget } from './credential-widget.tsx';
import { CronWidget } from './cron-widget.tsx';
import { DurationWidget } from './duration-widget.tsx';
import { ExpectedActivityWidget } from './expected-activity-widget.tsx';
import { FileWidget } from './file-widget.tsx';
import { GroupWidget, VariantsWidget } from './group-widget.tsx';
import { ItemsWidget } from './items-widget.tsx';
import { KeyValueWidget } from './key-value-widget.tsx';
import { ListWidget } from './list-widget.tsx';
import { MessageTemplateWidget } from './message-template-widget.tsx';
import { NodeWidget } from './node-widget.tsx';
import { OperationValuesWidget } from './operation-values-widget.tsx';
import { OperationWidget } from './operation-widget.tsx';
import { RowsWidget } from './rows-widget.tsx';
import { SheetWidget } from './sheet-widget.tsx';
import { NumberWidget, TextWidget } from './text-widget.tsx';
import { WebhookPathWidget } from './webhook-path-widget.tsx';
import type { WidgetComponent } from './widget.ts';

/** Inputs that a definition asks for by name. */
const byHint: Partial<Record<Widget, WidgetComponent>> = {
  credential: CredentialWidget,
  file: FileWidget,
  duration: DurationWidget,
  'key-value': KeyValueWidget,
  rules: ItemsWidget,
  conditions: ConditionsWidget,
  channel: ChannelWidget,
  channels: ChannelsWidget,
  node: NodeWidget,
  ladder: ItemsWidget,
  cron: CronWidget,
  buttons: RowsWidget,
  assignments: AssignmentsWidget,
  'sheet-name': SheetWidget,
  'sheet-column': SheetWidget,
  'webhook-path': WebhookPathWidget,
  'message-template': MessageTemplateWidget,
  'expected-activity': ExpectedActivityWidget,
  operation: OperationWidget,
  'operation-values': OperationValuesWidget,
};

/** The input for a field: by name, else by its kind of editor, else by its shape. No node type is ever asked. */
export function widgetOf(field: FormField): WidgetComponent {
  const named = field.hints.widget && byHint[field.hints.widget];
  if (named) return named;
  if (field.hints.editor === 'json' || field.hints.editor === 'schema' || field.hints.editor === 'sql') return CodeWidget;
  switch (field.shape.kind) {
    case 'text':
      return TextWidget;
    case 'number':
      return NumberWidget;
    case 'switch':
      return SwitchWidget;
    case 'choice':
      return ChoiceWidget;
    case 'list':
      return field.shape.item.shape.kind === 'text' || field.shape.item.shape.kind === 'choice' ? ListWidget : ItemsWidget;
    case 'group':
      return GroupWidget;
    case 'variants':
      return VariantsWidget;
    case 'map':
      return KeyValueWidget;
    case 'fixed':
    case 'json':
      return CodeWidget;
  }
}
