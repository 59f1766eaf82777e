import {
  createDarkTheme,
  createLightTheme,
  type BrandVariants,
  type Theme,
} from '@fluentui/react-components';

/** Deep teal, OKLCH hue 195: 80 carries white text at 6.4 : 1, 110 stands on the dark background at 4.5 : 1. */
const teal: BrandVariants = {
  10: '#001313',
  20: '#002121',
  30: '#003030',
  40: '#003d3d',
  50: '#004949',
  60: '#005455',
  70: '#045f5f',
  80: '#0c6a6a',
  90: '#197b7b',
  100: '#258c8c',
  110: '#349e9e',
  120: '#4db0b0',
  130: '#6ac2c2',
  140: '#8dd3d2',
  150: '#b2e2e2',
  160: '#d5f2f1',
};

const fonts = {
  fontFamilyBase: "'Inter Variable', 'Segoe UI', system-ui, sans-serif",
  fontFamilyNumeric: "'Inter Variable', 'Segoe UI', system-ui, sans-serif",
};

export const lightTheme: Theme = { ...createLightTheme(teal), ...fonts };

export const darkTheme: Theme = {
  ...createDarkTheme(teal),
  ...fonts,
  // Fluent's choice (100) is too dim for text on its own dark background.
  colorBrandForeground1: teal[120],
  colorBrandForeground2: teal[130],
  colorBrandForegroundLink: teal[120],
  colorBrandForegroundLinkHover: teal[130],
  colorBrandForegroundLinkPressed: teal[110],
  colorCompoundBrandForeground1: teal[120],
  colorCompoundBrandForeground1Hover: teal[130],
  colorCompoundBrandForeground1Pressed: teal[110],
  colorCompoundBrandStroke: teal[120],
  colorCompoundBrandStrokeHover: teal[130],
};

/** The colours of the token itself, and of nothing else. */
export const kaztokenOrange = { body: '#f58220', edge: '#b85a0b', glow: '#ffb877' } as const;
