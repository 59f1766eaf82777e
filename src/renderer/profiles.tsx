import { useEffect, useRef } from 'react';
import { Home, Registration, Wizard } from './later.ts';
import { useRegistrations } from './main-process.ts';
import { Picker } from './picker/picker.tsx';
import type { Go, Place } from './place.ts';

/** «Профили»: picker, wizard, registration under way, home of a profile. */
export function Profiles({
  place,
  go,
  toChangePin,
  toKeys,
}: {
  place: Place;
  go: Go;
  /** To the control panel, where the user PIN of this token is changed. */
  toChangePin: (tokenId: string) => void;
  /** To «Ключи», where the keys of this token are. */
  toKeys: (tokenSerial: string) => void;
}) {
  const registrations = useRegistrations();

  // A window that is opened again while the work goes on shows the work.
  const shownOnce = useRef(false);
  useEffect(() => {
    if (registrations === undefined || shownOnce.current) return;
    shownOnce.current = true;
    const running = registrations.find((one) => one.state === 'running');
    if (running !== undefined && place.at === 'picker')
      go({ at: 'registration', journalId: running.journalId });
  }, [registrations, place, go]);

  switch (place.at) {
    case 'picker':
      return <Picker place={place} go={go} toKeys={toKeys} />;
    case 'wizard':
      return <Wizard {...place} go={go} />;
    case 'registration':
      return <Registration key={place.journalId} {...place} go={go} />;
    case 'home':
      return <Home home={place.home} go={go} toChangePin={toChangePin} toKeys={toKeys} />;
  }
}
