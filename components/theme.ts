import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Blue that reads on white and on near-black, and stands apart from the chart colours for every kind of colour vision. */
const ink: MantineColorsTuple = [
  '#eef4fa',
  '#dbe6f1',
  '#b3cbe2',
  '#88aed3',
  '#6596c6',
  '#4e86be',
  '#3577b4',
  '#1f629e',
  '#12558d',
  '#00487c',
];

/** The one theme: quiet, dense, exact. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 4 },
  respectReducedMotion: true,
  autoContrast: true,
  luminanceThreshold: 0.25,
  colors: { ink },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.375rem', sm: '0.625rem', md: '0.875rem', lg: '1.25rem', xl: '1.75rem' },
  defaultRadius: 'sm',
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.125rem' }, h2: { fontSize: '0.9375rem' }, h3: { fontSize: '0.875rem' } },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Badge: { defaultProps: { radius: 'sm', variant: 'light', miw: 'max-content' } },
    Notification: { styles: { description: { color: 'var(--mantine-color-dimmed)' } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Alert: { defaultProps: { p: 'sm' } },
  },
});

/** Greys with enough contrast for small text (WCAG AA, 4.5 : 1) in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545b63',
    '--mantine-color-body': '#ffffff',
    '--lb-canvas': '#f5f6f8',
    '--lb-line': '#dde1e6',
    '--lb-good': '#0b6e4f',
    '--lb-warn': '#8a5300',
    '--lb-bad': '#b3261e',
    '--mantine-color-error': 'var(--lb-bad)',
    '--mantine-color-teal-light-color': 'var(--lb-good)',
    '--mantine-color-yellow-light-color': 'var(--lb-warn)',
    '--mantine-color-red-light-color': 'var(--lb-bad)',
  },
  dark: {
    '--mantine-color-dimmed': '#a2abb5',
    '--mantine-color-body': '#16191d',
    '--lb-canvas': '#0f1114',
    '--lb-line': '#2c3238',
    '--lb-good': '#5cc9a0',
    '--lb-warn': '#e6b35c',
    '--lb-bad': '#ff8a80',
    '--mantine-color-error': 'var(--lb-bad)',
    // Filled things carry white text in both schemes.
    '--mantine-color-ink-filled': 'var(--mantine-color-ink-6)',
    '--mantine-color-ink-filled-hover': 'var(--mantine-color-ink-7)',
  },
});
