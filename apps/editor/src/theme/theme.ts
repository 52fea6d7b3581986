import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** Colours of ours that components may be given: `<Button color="person">`. Their values live in tokens.css. */
export const toneNames = ['brand', 'person', 'ok', 'warn', 'bad', 'info', 'neutral'] as const;
export type Tone = (typeof toneNames)[number];
const isTone = (color: string | undefined): color is Tone => toneNames.some((name) => name === color);

// Mantine wants ten shades; ours is one colour per scheme, so each shade points at the token.
const shades = (token: string): MantineColorsTuple => {
  const one = `var(--${token})`;
  return [one, one, one, one, one, one, one, one, one, one];
};

const onTone = (tone: Tone) => (tone === 'brand' || tone === 'person' || tone === 'bad' ? `var(--on-${tone})` : 'var(--surface-1)');
const hoverOf = (tone: Tone) => (tone === 'brand' || tone === 'person' || tone === 'bad' ? `var(--${tone}-hover)` : inkOf(tone));
const inkOf = (tone: Tone) => (tone === 'neutral' ? 'var(--text-2)' : `var(--${tone})`);
const softOf = (tone: Tone) => (tone === 'neutral' ? 'var(--surface-2)' : `var(--${tone}-soft)`);

const variantColorResolver: VariantColorsResolver = (input) => {
  const tone = input.color ?? 'brand';
  if (!isTone(tone)) return defaultVariantColorsResolver(input);
  const ink = inkOf(tone);
  const soft = softOf(tone);
  if (input.variant === 'filled') return { background: ink, hover: hoverOf(tone), color: onTone(tone), border: '1px solid transparent' };
  if (input.variant === 'light')
    return { background: soft, hover: `color-mix(in srgb, ${ink} 16%, ${soft})`, color: ink, border: '1px solid transparent' };
  if (input.variant === 'outline') return { background: 'transparent', hover: soft, color: ink, border: `1px solid ${ink}` };
  if (input.variant === 'subtle' || input.variant === 'transparent')
    return { background: 'transparent', hover: softOf(tone), color: ink, border: '1px solid transparent' };
  return defaultVariantColorsResolver(input);
};

const scheme = {
  '--mantine-color-body': 'var(--surface-0)',
  '--mantine-color-text': 'var(--text-1)',
  '--mantine-color-bright': 'var(--text-1)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--brand)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-success': 'var(--ok)',
  '--mantine-color-default': 'var(--surface-1)',
  '--mantine-color-default-hover': 'var(--surface-2)',
  '--mantine-color-default-color': 'var(--text-1)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': 'var(--surface-2)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-contrast': 'var(--on-brand)',
};

const toneVariables = Object.fromEntries(
  toneNames.flatMap((tone) => [
    [`--mantine-color-${tone}-text`, inkOf(tone)],
    [`--mantine-color-${tone}-filled`, inkOf(tone)],
    [`--mantine-color-${tone}-filled-hover`, hoverOf(tone)],
    [`--mantine-color-${tone}-light`, softOf(tone)],
    [`--mantine-color-${tone}-light-hover`, softOf(tone)],
    [`--mantine-color-${tone}-light-color`, inkOf(tone)],
    [`--mantine-color-${tone}-outline`, inkOf(tone)],
    [`--mantine-color-${tone}-outline-hover`, softOf(tone)],
  ]),
);

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...scheme, ...toneVariables },
  dark: { ...scheme, ...toneVariables },
});

const plainLabel = {
  label: { fontSize: '13px', fontWeight: 500, marginBottom: 4 },
  description: { color: 'var(--text-2)', fontSize: '12.5px', lineHeight: '18px' },
  error: { fontSize: '12.5px', lineHeight: '18px' },
};

/** One look for every row of choices: the chosen one stands out in light and in dark. */
const segmented = {
  root: { background: 'var(--surface-2)' },
  indicator: { background: 'var(--surface-1)', border: '1px solid var(--line-strong)', boxShadow: 'none' },
  label: { fontSize: '12.5px', lineHeight: '20px' },
};

const floating = { background: 'var(--surface-1)' };

export const theme = createTheme({
  primaryColor: 'brand',
  // The kit's own greys, in our temperature.
  colors: {
    gray: ['#F7F8F7', '#EEF1EF', '#E5EAE7', '#DDE3E0', '#BFC9C4', '#9AA7A1', '#5F6E69', '#4A5A55', '#2C3A36', '#14201D'],
    dark: ['#E8EFEC', '#C9D4CF', '#A9B8B2', '#8A9993', '#33403C', '#1E2826', '#161E1C', '#0F1514', '#0B100F', '#070B0A'],
    brand: shades('brand'),
    person: shades('person'),
    ok: shades('ok'),
    warn: shades('warn'),
    bad: shades('bad'),
    info: shades('info'),
    neutral: shades('text-2'),
  },
  variantColorResolver,
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-data)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '22px', lg: '24px', xl: '28px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '6px', lg: '10px', xl: '14px' },
  defaultRadius: 'sm',
  shadows: { xs: 'none', sm: 'var(--shadow-float)', md: 'var(--shadow-float)', lg: 'var(--shadow-float)', xl: 'var(--shadow-float)' },
  headings: {
    fontFamily: 'var(--font-text)',
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '28px', lineHeight: '36px' },
      h2: { fontSize: '20px', lineHeight: '28px' },
      h3: { fontSize: '16px', lineHeight: '24px' },
      h4: { fontSize: '14px', lineHeight: '22px' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { label: { fontWeight: 550 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'neutral', size: 32 } },
    InputWrapper: { styles: plainLabel },
    SegmentedControl: { styles: segmented },
    TextInput: { styles: plainLabel },
    PasswordInput: { styles: plainLabel },
    NumberInput: { styles: plainLabel },
    Textarea: { styles: plainLabel },
    Select: { styles: plainLabel, defaultProps: { checkIconPosition: 'right', allowDeselect: false } },
    MultiSelect: { styles: plainLabel },
    TagsInput: { styles: plainLabel },
    Tooltip: {
      defaultProps: { openDelay: 350, withArrow: false },
      styles: { tooltip: { fontSize: '12px', background: 'var(--text-1)', color: 'var(--surface-1)' } },
    },
    Modal: {
      defaultProps: {
        radius: 'lg',
        centered: true,
        overlayProps: { color: 'var(--scrim)', backgroundOpacity: 1 },
        transitionProps: { duration: 120 },
      },
      styles: { content: floating, header: floating, title: { fontWeight: 600, fontSize: '16px', lineHeight: '22px' } },
    },
    Drawer: {
      defaultProps: { overlayProps: { color: 'var(--scrim)', backgroundOpacity: 1 }, transitionProps: { duration: 200 } },
      styles: { content: floating, header: floating, title: { fontWeight: 600, fontSize: '16px', lineHeight: '22px' } },
    },
    Spotlight: {
      defaultProps: { overlayProps: { color: 'var(--scrim)', backgroundOpacity: 1 }, transitionProps: { duration: 120 } },
      styles: { content: floating, actionsGroup: { textTransform: 'none' } },
    },
    Anchor: { defaultProps: { underline: 'always' } },
    Menu: { defaultProps: { radius: 'lg', shadow: 'md', transitionProps: { duration: 120 } } },
    Paper: { defaultProps: { radius: 'lg' } },
    Badge: { styles: { root: { textTransform: 'none', fontWeight: 550, letterSpacing: 0 } } },
  },
});
