import { lazy } from 'react';

/**
 * What the picker does without comes in files of its own, read after it: the window is usable sooner. From the disk they
 * take a few milliseconds, and they are read as soon as the page has nothing else to do.
 */
const files = {
  controlPanel: () => import('./control-panel/control-panel.tsx'),
  home: () => import('./home/home.tsx'),
  journal: () => import('./journal/journal.tsx'),
  keys: () => import('./keys/keys.tsx'),
  registration: () => import('./registration/registration.tsx'),
  settings: () => import('./settings/settings.tsx'),
  signing: () => import('./signing/signing.tsx'),
  wizard: () => import('./wizard/wizard.tsx'),
};

export const ControlPanel = lazy(async () => ({ default: (await files.controlPanel()).ControlPanel }));
export const Home = lazy(async () => ({ default: (await files.home()).Home }));
export const Journal = lazy(async () => ({ default: (await files.journal()).Journal }));
export const Keys = lazy(async () => ({ default: (await files.keys()).Keys }));
export const Registration = lazy(async () => ({ default: (await files.registration()).Registration }));
export const Settings = lazy(async () => ({ default: (await files.settings()).Settings }));
export const Signing = lazy(async () => ({ default: (await files.signing()).Signing }));
export const Wizard = lazy(async () => ({ default: (await files.wizard()).Wizard }));

/** Reads them ahead, so that no click waits for one. Returns the function that calls it off. */
export function readAhead(): () => void {
  const idle = requestIdleCallback(() => {
    for (const read of Object.values(files)) void read();
  });
  return () => {
    cancelIdleCallback(idle);
  };
}
