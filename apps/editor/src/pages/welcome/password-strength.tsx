import { useTranslation } from 'react-i18next';
import classes from './password-strength.module.css';

const wanted = 10;
const strong = 16;

/** Length is what makes a password hard to guess; the bar grows with it. */
export function PasswordStrength({ password }: { password: string }) {
  const { t } = useTranslation('welcome');
  const step = password.length === 0 ? 'none' : password.length < wanted ? 'short' : password.length < strong ? 'good' : 'strong';
  return (
    <div className={classes.strength} data-step={step}>
      <div className={classes.track}>
        <div className={classes.bar} style={{ width: `${Math.min(100, (password.length / strong) * 100)}%` }} />
      </div>
      <span aria-live="polite">{t(`strength.${step}`, { count: Math.max(0, wanted - password.length) })}</span>
    </div>
  );
}
