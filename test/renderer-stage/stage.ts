import { defaultSettings, language, theme } from '#shared/views.ts';
import { scenarios } from './scenarios.ts';
import { StubBridge } from './stub-bridge.ts';

const query = new URLSearchParams(location.search);
const scenario = scenarios[query.get('scenario') ?? 'empty-token'];
if (scenario === undefined) {
  throw new Error(`unknown scenario; there are: ${Object.keys(scenarios).join(', ')}`);
}
const bridge = new StubBridge(scenario, {
  ...defaultSettings,
  language: language.catch('ru').parse(query.get('lang')),
  theme: theme.catch('light').parse(query.get('theme')),
});
// `stage` lets a script play the outside world: pull the token, move a registration on.
Object.assign(window, { kilt: bridge.asKilt(), stage: bridge });
if (scenario.site?.consent) await import('../../src/renderer/consent/main.tsx');
else await import('../../src/renderer/main.tsx');
