/** One look for every row of choices: the chosen one stands out in light and in dark. */
export const segmentedStyles = {
  root: { background: 'var(--surface-2)' },
  indicator: { background: 'var(--surface-1)', border: '1px solid var(--line-strong)', boxShadow: 'none' },
  label: { fontSize: '12.5px', lineHeight: '20px' },
};
