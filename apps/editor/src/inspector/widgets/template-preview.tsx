import { templateText, type TemplateDefinition } from '@holdfast/node-kit';
import { useTranslation } from 'react-i18next';
import classes from './template-preview.module.css';

/** How an approved text reads with its values filled in, as the customer sees it. */
export function TemplatePreview({ definition, values }: { definition: TemplateDefinition; values: Readonly<Record<string, string>> }) {
  const { t } = useTranslation('inspector');
  const { header, body, footer, buttons } = templateText(definition, values);
  return (
    <figure className={classes.frame}>
      <figcaption className={classes.caption}>{t('template.preview')}</figcaption>
      <div className={classes.bubble}>
        {header === '' ? null : <strong>{header}</strong>}
        <p>{body}</p>
        {footer === '' ? null : <small>{footer}</small>}
      </div>
      {buttons.map((label, index) => (
        <span key={index} className={classes.button}>
          {label}
        </span>
      ))}
    </figure>
  );
}
