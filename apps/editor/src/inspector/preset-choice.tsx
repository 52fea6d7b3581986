import type { FlowNode } from '@holdfast/graph';
import type { JsonObject, JsonValue, NodeDefinition, Preset } from '@holdfast/node-kit';
import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNodeWords } from '../canvas/node-words.ts';
import { initialConfig } from '../document/initial-config.ts';
import css from './inspector.module.css';

interface Props {
  node: FlowNode;
  definition: NodeDefinition;
  presets: readonly Preset[];
  onChoose: (config: JsonObject) => void;
}

/** What a new step may begin with; once it has settings of its own, nothing is offered that would replace them. */
export function PresetChoice({ node, definition, presets, onChoose }: Props) {
  const { t } = useTranslation('inspector');
  const words = useNodeWords();
  const beginning = initialConfig(definition);
  const isUntouched = (key: string) => isEmpty(node.config[key]) || JSON.stringify(node.config[key]) === JSON.stringify(beginning[key]);
  const isFresh = presets.every(({ config }) => Object.keys(config).every(isUntouched));
  if (!isFresh) return null;
  const say = (text: string) => words.say(node.type, text);
  return (
    <div className={css.section}>
      <h3>{t('presets.title')}</h3>
      <p>{t('presets.hint')}</p>
      <Group gap={6} mt={8}>
        {presets.map(({ name, config }) => (
          <Button key={name} size="compact-sm" variant="default" onClick={() => onChoose({ ...node.config, ...translated(config, say) })}>
            {say(name)}
          </Button>
        ))}
      </Group>
    </div>
  );
}

const isEmpty = (value: JsonValue | undefined): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** The preset's texts in the reader's language; what is no text of people stands in no dictionary. */
function translated(value: JsonObject, say: (text: string) => string): JsonObject {
  const turn = (inner: JsonValue): JsonValue => {
    if (typeof inner === 'string') return say(inner);
    if (Array.isArray(inner)) return inner.map(turn);
    return typeof inner === 'object' && inner !== null ? translated(inner, say) : inner;
  };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, turn(inner)]));
}
