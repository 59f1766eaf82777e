import { Badge, makeStyles, tokens } from '@fluentui/react-components';

import type { CertificateView, KeyView, TokenView } from '../view.ts';
import { whoMay } from './rights.tsx';

const useStyles = makeStyles({
  panel: { overflowY: 'auto', padding: '16px', display: 'grid', gap: '20px', alignContent: 'start' },
  heading: { margin: '0 0 8px', fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'grid', gap: '8px' },
  item: {
    padding: '10px 12px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    display: 'grid',
    gap: '4px',
  },
  head: { display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap' },
  title: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  quiet: {
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
    fontVariantNumeric: 'tabular-nums',
  },
  mono: { fontFamily: tokens.fontFamilyMonospace },
});

/** Key pairs and certificates. */
export function KeysPanel({ token }: { token: TokenView }) {
  const styles = useStyles();
  return (
    <div className={styles.panel}>
      <section aria-labelledby="key-pairs">
        <h2 className={styles.heading} id="key-pairs">
          Key pairs
        </h2>
        <ul className={styles.list}>
          {token.keys.map((key) => (
            <KeyItem key={key.reference} pair={key} />
          ))}
        </ul>
        {token.keys.length === 0 && <div className={styles.quiet}>None yet.</div>}
      </section>
      <section aria-labelledby="certificates">
        <h2 className={styles.heading} id="certificates">
          Certificates
        </h2>
        <ul className={styles.list}>
          {token.certificates.map((certificate) => (
            <CertificateItem key={certificate.path} certificate={certificate} />
          ))}
        </ul>
        {token.certificates.length === 0 && <div className={styles.quiet}>None yet.</div>}
      </section>
    </div>
  );
}

function KeyItem({ pair }: { pair: KeyView }) {
  const styles = useStyles();
  const use = pair.rights.find(({ mode }) => mode === 'use');
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <span className={styles.title}>
          Key {pair.reference}, {pair.algorithm}
        </span>
        <Half name="private" state={pair.privateKey} />
        <Half name="public" state={pair.publicKey} />
      </div>
      {use !== undefined && <div className={styles.quiet}>May be used by {whoMay(use.who)}</div>}
    </li>
  );
}

function Half({ name, state }: { name: string; state: KeyView['privateKey'] }) {
  const words = { there: `${name} key`, empty: `${name} key empty`, missing: `no ${name} key` }[state];
  return (
    <Badge appearance="tint" color={state === 'there' ? 'success' : 'warning'}>
      {words}
    </Badge>
  );
}

function CertificateItem({ certificate }: { certificate: CertificateView }) {
  const styles = useStyles();
  const { subject, issuer, until, daysLeft, path, bytes } = certificate;
  const soon = daysLeft < 30;
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <span className={styles.title}>{commonNameIn(subject)}</span>
        <Badge appearance="tint" color={daysLeft < 0 ? 'danger' : soon ? 'warning' : 'success'}>
          {daysLeft < 0 ? 'expired' : daysLeft === 1 ? '1 day left' : `${daysLeft} days left`}
        </Badge>
      </div>
      <div className={styles.quiet}>{subject}</div>
      <div className={styles.quiet}>issued by {issuer}</div>
      <div className={styles.quiet}>
        valid until {until.slice(0, 10)}, in <span className={styles.mono}>{path}</span>, {bytes} bytes
      </div>
    </li>
  );
}

/** Whom it is about, in short. */
const commonNameIn = (subject: string): string => /(?:^|, )CN=([^,]+)/.exec(subject)?.[1] ?? subject;
