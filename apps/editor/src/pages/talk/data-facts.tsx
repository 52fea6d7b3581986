import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { DataView } from '../../parts/data-view.tsx';
import classes from './data-facts.module.css';
import { glimpse } from './glimpse.ts';

/** Named data, one line each; what is more than a line opens on demand. */
export function DataFacts({ data }: { data: JsonObject }) {
  return (
    <div className={classes.facts}>
      {Object.entries(data).map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: JsonValue }) {
  if (typeof value !== 'object' || value === null)
    return (
      <p className={classes.line}>
        <span className={classes.name}>{name}</span>
        <span className={classes.value} title={String(value)}>
          {String(value)}
        </span>
      </p>
    );
  return (
    <details className={classes.more}>
      <summary className={classes.line}>
        <span className={classes.name}>{name}</span>
        <span className={classes.glimpse}>{glimpse(value)}</span>
      </summary>
      <DataView value={value} maxHeight={220} />
    </details>
  );
}
