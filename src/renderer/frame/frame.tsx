import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Go, Place } from '../place.ts';
import { NavigationRail } from './navigation-rail.tsx';
import { TokenChip } from './token-chip.tsx';

/** What the rail offers. A section joins it when it works. */
export type Section = 'profiles' | 'signing' | 'keys' | 'token' | 'journal' | 'settings';

const useStyles = makeStyles({
  frame: {
    display: 'grid',
    gridTemplateColumns: '96px minmax(0, 1fr)',
    gridTemplateRows: '56px minmax(0, 1fr)',
    gridTemplateAreas: '"rail top" "rail content"',
    height: '100%',
    backgroundColor: tokens.colorNeutralBackground3,
    '@media (max-width: 640px)': { gridTemplateColumns: '56px minmax(0, 1fr)' },
    '@media (max-height: 420px)': { gridTemplateRows: '44px minmax(0, 1fr)' },
  },
  top: { gridArea: 'top', display: 'flex', alignItems: 'center', paddingInlineEnd: '16px', minWidth: 0 },
  content: {
    gridArea: 'content',
    minWidth: 0,
    overflow: 'hidden',
    borderStartStartRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRightStyle: 'none',
    borderBottomStyle: 'none',
    backgroundColor: tokens.colorNeutralBackground1,
  },
});

/** Navigation rail on the left, token chip on top, the section in the middle. */
export function Frame({
  section,
  onSection,
  place,
  go,
  children,
}: {
  section: Section;
  onSection: (section: Section) => void;
  place: Place;
  go: Go;
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <div className={styles.frame}>
      <NavigationRail section={section} onSection={onSection} />
      <header className={styles.top}>
        <TokenChip
          place={place}
          go={(next) => {
            onSection('profiles');
            go(next);
          }}
          showProfiles={() => {
            onSection('profiles');
          }}
          showControlPanel={() => {
            onSection('token');
          }}
        />
      </header>
      <main className={styles.content}>{children}</main>
    </div>
  );
}
