import { useTranslation } from 'react-i18next';
import { Screen } from '../frame/screen.tsx';
import { useTokens } from '../main-process.ts';
import { NoToken } from '../picker/no-token.tsx';
import { usePanelEvents } from './use-panel.ts';

/** «Панель управления KAZTOKEN». */
export function ControlPanel({ shown }: { shown: boolean; toProfiles: () => void }) {
  const { t } = useTranslation();
  const { presence, checkAgain } = useTokens();
  usePanelEvents(shown);
  return (
    <Screen wide title={t('controlPanel.title')}>
      <NoToken presence={presence === 'ready' ? 'starting' : presence} checkAgain={checkAgain} />
    </Screen>
  );
}
