import { useState } from 'react';
import type { KeySetView, RenewalPlan } from '#shared/renewal-views.ts';
import { ConsentPage } from './consent-page.tsx';
import { ContinuePage } from './continue-page.tsx';
import { AcceptedPage, DonePage, IssuedPage, RefusedPage } from './decision-pages.tsx';
import { DescriptionPage } from './description-page.tsx';
import { actionOf, openRenewal } from './key-set-state.ts';
import { ProgressPage } from './progress-page.tsx';

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
  // A finished regeneration leaves no trace in the key set that it has renewed.
  const [begun, setBegun] = useState(false);
  const renewal = openRenewal(set);
  if (renewal !== undefined && !begun) setBegun(true);

  const action = actionOf(set);
  if (action === 'read-refusal' && set.renewal !== undefined) {
    return <RefusedPage set={set} journalId={set.renewal.journalId} onClosed={onLeave} onLeave={onLeave} />;
  }
  if (renewal === undefined) {
    if (begun) return <DonePage set={set} onLeave={onLeave} />;
    return plan === undefined ? (
      <DescriptionPage set={set} onNext={setPlan} onCancel={onLeave} />
    ) : (
      <ConsentPage
        set={set}
        plan={plan}
        onSent={() => {
          setBegun(true);
        }}
        onBack={() => {
          setPlan(undefined);
        }}
        onCancel={onLeave}
      />
    );
  }
  switch (action) {
    case 'watch':
      // One key a page: the heading of a new page takes the focus.
      return renewal.waitingUntil === undefined ? (
        <ProgressPage key="progress" set={set} renewal={renewal} onLeave={onLeave} />
      ) : (
        <AcceptedPage set={set} renewal={renewal} onLeave={onLeave} />
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
        <ContinuePage
          key="take"
          set={set}
          renewal={renewal}
          onContinued={() => undefined}
          onCancel={onLeave}
        />
      );
    default:
      return (
        <ContinuePage
          key="send"
          set={set}
          renewal={renewal}
          onContinued={() => undefined}
          onCancel={onLeave}
        />
      );
  }
}
