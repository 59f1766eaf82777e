import { Badge, makeStyles, mergeClasses, ProgressBar, tokens } from '@fluentui/react-components';

import type { PinView, TokenView } from '../view.ts';
import { Rights } from './rights.tsx';

const useStyles = makeStyles({
  panel: { overflowY: 'auto', padding: '16px', display: 'grid', gap: '20px', alignContent: 'start' },
  pins: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))', gap: '12px' },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: '16px',
    rowGap: '6px',
    margin: 0,
    '& > dt': { color: tokens.colorNeutralForeground2 },
    '& > dd': { margin: 0, overflowWrap: 'anywhere' },
  },
  mono: { fontFamily: tokens.fontFamilyMonospace },
  memory: { display: 'grid', gap: '6px' },
  heading: { margin: '0 0 8px', fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
});

/** Identity, PINs and memory. */
export function TokenPanel({ token }: { token: TokenView }) {
  const styles = useStyles();
  const { total, free } = token.memory;
  return (
    <div className={styles.panel}>
      <section aria-labelledby="pins">
        <h2 className={styles.heading} id="pins">
          PINs
        </h2>
        <div className={styles.pins}>
          {token.pins.map((pin) => (
            <PinCard key={pin.owner} pin={pin} loggedIn={token.loggedIn.includes(pin.owner)} />
          ))}
          {token.pins.length === 0 && <div>This token has no PINs: it waits to be formatted.</div>}
        </div>
      </section>
      <section aria-labelledby="identity">
        <h2 className={styles.heading} id="identity">
          Identity
        </h2>
        <dl className={styles.facts}>
          <dt>Serial number</dt>
          <dd>
            <span className={styles.mono}>{token.serial}</span>, decimal {token.serialDecimal}
          </dd>
          <dt>Label</dt>
          <dd>{token.label ?? 'none: there is no PKCS#15 application'}</dd>
          <dt>Made as</dt>
          <dd>{token.profile?.replaceAll('-', ' ') ?? 'not known: its file was there already'}</dd>
          <dt>Answer to reset</dt>
          <dd className={styles.mono}>{token.atr.replace(/..(?!$)/g, '$& ')}</dd>
          <dt>Phase</dt>
          <dd>{token.phase === 'operational' ? 'in use' : 'being formatted: rights do not count yet'}</dd>
          <dt>Power</dt>
          <dd>{token.powered ? 'on' : 'off'}</dd>
          <dt>Reader</dt>
          <dd>{token.reader.address}</dd>
          <dt>Memory file</dt>
          <dd>{token.stateFile}</dd>
        </dl>
      </section>
      <section aria-labelledby="memory" className={styles.memory}>
        <h2 className={styles.heading} id="memory">
          Memory
        </h2>
        <ProgressBar
          value={(total - free) / total}
          thickness="large"
          color={free < total / 10 ? 'warning' : 'brand'}
          aria-labelledby="memory"
        />
        <div>
          {number(total - free)} of {number(total)} bytes used, {number(free)} free
        </div>
      </section>
    </div>
  );
}

const number = (value: number): string => value.toLocaleString('en').replaceAll(',', ' ');

const usePinStyles = makeStyles({
  card: {
    padding: '12px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    display: 'grid',
    gap: '8px',
    alignContent: 'start',
  },
  head: { display: 'flex', justifyContent: 'space-between', alignItems: 'center', minHeight: '24px' },
  value: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase500 },
  dots: { display: 'flex', gap: '4px', alignItems: 'center', flexWrap: 'wrap' },
  dot: {
    width: '8px',
    height: '8px',
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
  },
  left: {
    backgroundColor: tokens.colorBrandForeground1,
    border: `1px solid ${tokens.colorBrandForeground1}`,
    '@media (forced-colors: active)': { backgroundColor: 'CanvasText', forcedColorAdjust: 'none' },
  },
  tries: { marginInlineStart: '4px', color: tokens.colorNeutralForeground2 },
  policy: { color: tokens.colorNeutralForeground2 },
});

function PinCard({ pin, loggedIn }: { pin: PinView; loggedIn: boolean }) {
  const styles = usePinStyles();
  const { attemptsLeft, maxAttempts } = pin;
  return (
    <article className={styles.card} aria-label={`${pin.owner} PIN`}>
      <div className={styles.head}>
        <strong>{pin.owner === 'user' ? 'User' : 'Administrator'}</strong>
        {attemptsLeft === 0 ? (
          <Badge appearance="tint" color="danger">
            blocked
          </Badge>
        ) : (
          loggedIn && (
            <Badge appearance="tint" color="brand">
              logged in
            </Badge>
          )
        )}
      </div>
      <div className={styles.value}>{pin.value ?? 'not set'}</div>
      <div className={styles.dots} role="img" aria-label={`${attemptsLeft} of ${maxAttempts} tries left`}>
        {Array.from({ length: maxAttempts }, (_, at) => (
          <span key={at} className={mergeClasses(styles.dot, at < attemptsLeft && styles.left)} />
        ))}
        <span className={styles.tries}>
          {attemptsLeft} of {maxAttempts} tries
        </span>
      </div>
      <div className={styles.policy}>at least {pin.minLength} characters</div>
      <Rights rights={pin.rights} />
    </article>
  );
}
