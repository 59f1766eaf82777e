import { useState } from 'react';
import type { KeySetView, RenewalPlan } from '#shared/renewal-views.ts';
import { ConsentPage } from './consent-page.tsx';
import { ContinuePage } from './continue-page.tsx';
import { AcceptedPage, DonePage, IssuedPage } from './decision-pages.tsx';
import { DescriptionPage } from './description-page.tsx';
import { FailedPage } from './failed-page.tsx';
import { actionOf, isWithBank, openRenewal } from '#shared/key-set-state.ts';
import { ProgressPage } from './progress-page.tsx';
import { RefusedPage } from './refused-page.tsx';

/** The pages of one key set's regeneration, from «Новый» to the new keys in use. What is shown follows its state. */
export function RenewalFlow({
  set,
  taking: takes,
  onLeave,
}: {
  set: KeySetView;
  /** «Получить сертификат» was pressed in the list. */
  taking: boolean;
  onLeave: () => void;
}) {
  const [plan, setPlan] = useState<RenewalPlan>();
  const [taking, setTaking] = useState(takes);
  /** The regeneration seen on these pages: what becomes of another is no end of it. */
  const [begun, setBegun] = useState<string>();
  // Until the certificate is on the token it goes on being ready to be taken.
  const [goesOn, setGoesOn] = useState(false);
  const renewal = openRenewal(set);
  if (renewal !== undefined && renewal.journalId !== begun) setBegun(renewal.journalId);
  if (goesOn && renewal?.state !== 'running') setGoesOn(false);

  const action = actionOf(set);
  if (action === 'read-refusal' && set.renewal !== undefined) {
    return <RefusedPage set={set} renewal={set.renewal} onLeave={onLeave} />;
  }
  if (renewal === undefined) {
    if (begun !== undefined && set.lastFinished === begun) return <DonePage set={set} onLeave={onLeave} />;
    const failure = set.renewal?.journalId === begun ? set.renewal?.error : undefined;
    if (failure !== undefined) {
      return (
        <FailedPage
          set={set}
          error={failure}
          onAgain={() => {
            setBegun(undefined);
            setPlan(undefined);
          }}
          onLeave={onLeave}
        />
      );
    }
    return plan === undefined ? (
      <DescriptionPage set={set} onNext={setPlan} onCancel={onLeave} />
    ) : (
      <ConsentPage
        set={set}
        plan={plan}
        onSent={(changed) => {
          // It may be over before it is drawn.
          setBegun(changed.renewal?.journalId);
        }}
        onBack={() => {
          setPlan(undefined);
        }}
        onCancel={onLeave}
      />
    );
  }
  const onContinued = () => {
    setGoesOn(true);
  };
  if (goesOn) return <ProgressPage key="progress" set={set} renewal={renewal} onLeave={onLeave} />;
  switch (action) {
    case 'watch':
      // One key a page: the heading of a new page takes the focus.
      return isWithBank(set) ? (
        <AcceptedPage set={set} renewal={renewal} onLeave={onLeave} />
      ) : (
        <ProgressPage key="progress" set={set} renewal={renewal} onLeave={onLeave} />
      );
    case 'take':
      if (renewal.readyToTake && !taking) {
        return (
          <IssuedPage
            set={set}
            onTake={() => {
              setTaking(true);
            }}
            onLeave={onLeave}
          />
        );
      }
      return (
        <ContinuePage key="take" set={set} renewal={renewal} onContinued={onContinued} onCancel={onLeave} />
      );
    default:
      return (
        <ContinuePage key="send" set={set} renewal={renewal} onContinued={onContinued} onCancel={onLeave} />
      );
  }
}
