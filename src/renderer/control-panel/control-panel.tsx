import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CannotUse } from '../frame/cannot-use.tsx';
import { Screen } from '../frame/screen.tsx';
import { useTokens } from '../main-process.ts';
import { NoToken } from '../picker/no-token.tsx';
import { FormatFlow } from './format/format-flow.tsx';
import { FormatOutcome } from './format/format-outcome.tsx';
import type { FormatTarget } from './format/use-format-plan.ts';
import { useFormatting } from './format/use-formatting.ts';
import type { PanelTab } from './panel-tabs.tsx';
import { TokenList } from './token-list.tsx';
import type { PanelTask } from './panel-task.ts';
import { TokenPanel } from './token-panel.tsx';
import { panelsKey, usePanelEvents } from './use-panel.ts';

/** The user PIN of this token is to be changed. */
export interface PanelWish {
  readonly tokenId: string;
}

const changeUserPin: PanelTask = {
  kind: 'login',
  role: 'user',
  then: { kind: 'change-pin', role: 'user' },
};

/** «Панель управления KAZTOKEN»: the tokens connected and the panel of the one that is chosen, or its formatting. */
export function ControlPanel({
  shown,
  wish,
  toProfiles,
}: {
  shown: boolean;
  /** Why one has been sent here; a new object each time. */
  wish: PanelWish | undefined;
  toProfiles: () => void;
}) {
  const { t } = useTranslation();
  const { presence, tokens: present, checkAgain } = useTokens();
  const [chosenId, setChosenId] = useState<string>();
  const [formatOf, setFormatOf] = useState<FormatTarget>();
  const [tab, setTab] = useState<PanelTab>('administration');
  const [cameBack, setCameBack] = useState(false);
  const returnsToFormat = useRef(false);
  const client = useQueryClient();
  const formatting = useFormatting();
  usePanelEvents(shown);

  const [lastWish, setLastWish] = useState<PanelWish>();
  const [openWish, setOpenWish] = useState<PanelWish>();
  const [wishes, setWishes] = useState(0);
  if (wish !== lastWish) {
    setLastWish(wish);
    setOpenWish(wish);
    setWishes(wishes + 1);
    setChosenId(wish?.tokenId);
    setTab('administration');
  }

  const leaveFormat = () => {
    formatting.dismiss();
    setFormatOf(undefined);
    setCameBack(true);
    returnsToFormat.current = true;
    void client.invalidateQueries({ queryKey: panelsKey });
  };
  const format = (tokenId: string) => {
    formatting.dismiss();
    setOpenWish(undefined);
    setFormatOf((before) => ({ tokenId, round: (before?.round ?? 0) + 1 }));
  };
  const outcome = formatting.view !== undefined && (
    <FormatOutcome
      key={formatting.view.state}
      view={formatting.view}
      toPanel={leaveFormat}
      toProfiles={() => {
        leaveFormat();
        toProfiles();
      }}
      onFinish={format}
    />
  );

  const chosen =
    present.find(({ id }) => id === chosenId) ?? present.find(({ state }) => state === 'ready') ?? present[0];
  // The choice stays when another token comes: somebody may be typing a PIN for this one.
  if (chosen !== undefined && chosen.id !== chosenId) setChosenId(chosen.id);

  if (formatOf !== undefined)
    return (
      <>
        {outcome}
        <FormatFlow
          key={formatOf.round}
          target={formatOf}
          formatting={formatting}
          onLeave={leaveFormat}
          toProfiles={toProfiles}
        />
      </>
    );
  if (outcome !== false) return outcome;
  return (
    <Screen
      wide
      title={t('controlPanel.title')}
      focus={cameBack && chosen?.state === 'ready' ? 'none' : 'title'}
    >
      {chosen === undefined ? (
        <NoToken presence={presence === 'ready' ? 'starting' : presence} checkAgain={checkAgain} />
      ) : (
        <>
          {present.length > 1 && <TokenList present={present} chosenId={chosen.id} onChoose={setChosenId} />}
          {chosen.state === 'ready' ? (
            <TokenPanel
              key={`${chosen.id} ${wishes}`}
              tokenId={chosen.id}
              firstTask={openWish?.tokenId === chosen.id ? changeUserPin : undefined}
              tab={tab}
              onTab={setTab}
              takeReturn={() => {
                const returns = returnsToFormat.current;
                returnsToFormat.current = false;
                return returns;
              }}
              onFormat={() => {
                format(chosen.id);
              }}
            />
          ) : (
            <CannotUse token={chosen} condition={chosen.state} checkAgain={checkAgain} />
          )}
        </>
      )}
    </Screen>
  );
}
