import type { Theme } from '@fluentui/react-components';
import { useSyncExternalStore } from 'react';
import type { Theme as ThemeSetting } from '#shared/views.ts';
import { darkTheme, lightTheme } from './themes.ts';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

const subscribe = (changed: () => void): (() => void) => {
  systemDark.addEventListener('change', changed);
  return () => {
    systemDark.removeEventListener('change', changed);
  };
};

/**
 * Light or dark, by the setting or the system. High contrast needs no theme: where the system forces its colours
 * the browser replaces ours, and our styles only see to it that selection and state stay visible.
 */
export function useTheme(setting: ThemeSetting): { theme: Theme; dark: boolean } {
  const dark = useSyncExternalStore(subscribe, () => systemDark.matches);
  const isDark = setting === 'dark' || (setting === 'system' && dark);
  return { theme: isDark ? darkTheme : lightTheme, dark: isDark };
}
