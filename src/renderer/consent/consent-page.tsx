import { FluentProvider } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentView } from '#shared/consent-views.ts';
import { call, listen } from '../bridge.ts';
import { useTheme } from '../theme/use-theme.ts';
import { Consent } from './consent.tsx';

const wholeWindow = { height: '100%' };

/** Empty until the main process has told what is asked, and in which language. */
export function ConsentPage() {
  const { i18n } = useTranslation();
  const [view, setView] = useState<ConsentView | null>(null);
  const [speaks, setSpeaks] = useState(false);
  const { theme } = useTheme(view?.theme ?? 'system');
  const language = view?.language;

  useEffect(() => {
    const stop = listen('consent.changed', setView);
    // A refusal leaves the window empty; main closes it.
    call('consent.current', undefined).then(setView, () => undefined);
    return stop;
  }, []);
  useEffect(() => {
    if (language === undefined) return;
    document.documentElement.lang = language;
    void i18n.changeLanguage(language).then(() => {
      setSpeaks(true);
    });
  }, [i18n, language]);

  return (
    <FluentProvider theme={theme} style={wholeWindow}>
      {speaks && view !== null && <Consent key={view.id} view={view} />}
    </FluentProvider>
  );
}
