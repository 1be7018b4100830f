import i18next from 'i18next';
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

// The one place for spacing, type scale and colours. page.css has what components of our own need of them, the colours of states above all.

const brand: MantineColorsTuple = ['#eef2ff', '#e0e7ff', '#c7d2fe', '#a5b4fc', '#818cf8', '#6366f1', '#4f46e5', '#4338ca', '#3730a3', '#312e81'];
const gray: MantineColorsTuple = ['#f7f8fa', '#eff1f5', '#e4e7ec', '#d3d8e0', '#b4bcc8', '#8a94a3', '#5f6b7c', '#475263', '#303947', '#1b212b'];
const dark: MantineColorsTuple = ['#d6dce5', '#b6bfcb', '#939eac', '#6f7a89', '#3d4652', '#2c343f', '#222933', '#181d25', '#11151b', '#0b0e13'];

// What closes something bears a cross alone: a screen reader is told what it does, in the language of the moment.
const named = () => ({ 'aria-label': i18next.t('do.close') });

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: 6,
  colors: { brand, gray, dark },
  autoContrast: true,
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  headings: { fontWeight: '620', sizes: { h1: { fontSize: '1.375rem', lineHeight: '1.3' }, h2: { fontSize: '1rem', lineHeight: '1.4' }, h3: { fontSize: '0.875rem', lineHeight: '1.4' } } },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'sm' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: () => ({ centered: true, overlayProps: { backgroundOpacity: 0.4, blur: 1 }, closeButtonProps: named() }) },
    ModalCloseButton: { defaultProps: named },
    Notification: { defaultProps: () => ({ closeButtonProps: named() }) },
  },
});

// Mantine's own shade for secondary text is too light to read on white (WCAG AA asks for 4.5:1).
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-placeholder': '#6b7686',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-default-border': gray[3],
    '--mantine-color-error': '#c62828',
    '--mantine-color-anchor': brand[6],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-body': dark[7],
    '--mantine-color-default-border': dark[4],
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': brand[3],
  },
});

/** Colours of charts, in the order in which series get them; readable on both grounds. */
export const series = ['#6366f1', '#0ea5a4', '#f59e0b', '#ec4899', '#3b82f6', '#84cc16', '#a855f7', '#f97316', '#14b8a6', '#94a3b8'];

/** Colours of states in charts: those of the badges in page.css. */
export const stateSeries: Record<string, string> = { waiting: '#94a3b8', in_progress: '#3b82f6', done: '#22a565', parked: '#f59e0b', failed: '#e5484d' };
