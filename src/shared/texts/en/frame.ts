import type { TextsOf } from '../shape.ts';

export const frame: TextsOf<'frame'> = {
  windowTitle: 'Kilt',
  navigation: 'Sections',
  profiles: 'Profiles',
  signing: 'Sign',
  keys: 'Keys',
  token: 'KAZTOKEN',
  journal: 'Journal',
  settings: 'Settings',
  chip: {
    label: 'Token state: {{state}}',
    serial: 'No. {{serial}}',
    reader: 'Reader: {{reader}}',
    more_one: 'and {{count, number}} more token',
    more_other: 'and {{count, number}} more tokens',
    showProfiles: 'Show the profiles',
    showRegistration: 'Show the registration',
    showControlPanel: 'Open the control panel',
  },
};
