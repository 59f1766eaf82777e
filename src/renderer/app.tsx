import { FluentProvider, makeStyles } from '@fluentui/react-components';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '#shared/ipc-contract.ts';
import { failureOf } from './bridge.ts';
import { Frame, type Section } from './frame/frame.tsx';
import { ControlPanel, Journal, Keys, readAhead, Settings, Signing } from './later.ts';
import type { KeysWish } from './keys/keys.tsx';
import type { PanelWish } from './control-panel/control-panel.tsx';
import { followPressed, runningFormat, useApp, useTokens } from './main-process.ts';
import { ErrorMessage } from './messages/error-message.tsx';
import type { Place } from './place.ts';
import { Profiles } from './profiles.tsx';
import { useTheme } from './theme/use-theme.ts';

const useStyles = makeStyles({ broken: { padding: '32px' } });

/** As a style and not as a class: Fluent hands its class on to every dialog's root, which must not take room. */
const wholeWindow = { height: '100%' };

/** The window's page. Empty until the main process has told language and theme, so that neither flashes by. */
export function App() {
  const styles = useStyles();
  const app = useApp();
  const { theme } = useTheme(app.data?.settings.theme ?? 'system');
  return (
    <FluentProvider theme={theme} style={wholeWindow}>
      {app.data !== undefined && <Window {...app.data} />}
      {app.error !== null && (
        <div className={styles.broken}>
          <ErrorMessage error={failureOf(app.error)} />
        </div>
      )}
    </FluentProvider>
  );
}

function Window({ settings, about }: CallOutput<'app.ready'>) {
  const { i18n } = useTranslation();
  const [section, setSection] = useState<Section>('profiles');
  const [speaks, setSpeaks] = useState(false);
  const [place, go] = useState<Place>({ at: 'picker' });
  const [visited, setVisited] = useState<ReadonlySet<Section>>(new Set(['profiles']));

  // Not while the first screen waits for its tokens: it must not then wait for these.
  const settled = useTokens().presence !== 'starting';
  useEffect(() => (settled ? readAhead() : undefined), [settled]);

  useEffect(() => {
    document.documentElement.lang = settings.language;
    void i18n.changeLanguage(settings.language).then(() => {
      setSpeaks(true);
    });
  }, [i18n, settings.language]);

  const show = useCallback((next: Section) => {
    setSection(next);
    setVisited((before) => (before.has(next) ? before : new Set([...before, next])));
  }, []);
  const [panelWish, setPanelWish] = useState<PanelWish>();
  const [keysWish, setKeysWish] = useState<KeysWish>();

  useEffect(
    () =>
      followPressed(({ tokenSerial, leadsTo }) => {
        if (leadsTo === 'keys') setKeysWish({ tokenSerial });
        show(leadsTo);
      }),
    [show],
  );

  // A window that is opened again while a token is being formatted shows it.
  useEffect(() => {
    void runningFormat().then((running) => {
      if (running !== undefined) show('token');
    });
  }, [show]);

  // Before the first time only: one frame in the wrong language would be seen, but what is typed must stay.
  if (!speaks) return null;
  return (
    <Frame section={section} onSection={show} place={place} go={go}>
      {/* Hidden and not unmounted: a look into the settings must not cost what was typed in the wizard. */}
      <Pane shown={section === 'profiles'}>
        <Profiles
          place={place}
          go={go}
          toChangePin={(tokenId) => {
            setPanelWish({ tokenId });
            show('token');
          }}
          toKeys={(tokenSerial) => {
            setKeysWish({ tokenSerial });
            show('keys');
          }}
        />
      </Pane>
      {visited.has('signing') && (
        <Pane shown={section === 'signing'}>
          <Signing shown={section === 'signing'} />
        </Pane>
      )}
      {visited.has('keys') && (
        <Pane shown={section === 'keys'}>
          <Keys wish={keysWish} />
        </Pane>
      )}
      {visited.has('token') && (
        <Pane shown={section === 'token'}>
          <ControlPanel
            shown={section === 'token'}
            wish={panelWish}
            toProfiles={() => {
              show('profiles');
            }}
          />
        </Pane>
      )}
      {section === 'journal' && (
        <Pane shown>
          <Journal />
        </Pane>
      )}
      {section === 'settings' && (
        <Pane shown>
          <Settings settings={settings} about={about} />
        </Pane>
      )}
    </Frame>
  );
}

const usePaneStyles = makeStyles({ pane: { height: '100%' }, hidden: { display: 'none' } });

function Pane({ shown, children }: { shown: boolean; children: React.ReactNode }) {
  const styles = usePaneStyles();
  return (
    <div className={shown ? styles.pane : styles.hidden}>
      <Suspense>{children}</Suspense>
    </div>
  );
}
