import { makeStyles, tokens } from '@fluentui/react-components';

import type { FileView } from '../../view.ts';
import { whoMay } from '../rights.tsx';
import { hexDump } from './hex-dump.ts';

const useStyles = makeStyles({
  detail: { display: 'grid', gap: '12px' },
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  sub: { margin: '0 0 4px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  fcp: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, max-content) minmax(120px, 1fr)',
    columnGap: '12px',
    rowGap: '2px',
    fontSize: tokens.fontSizeBase200,
  },
  bytes: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
  dump: {
    margin: 0,
    fontFamily: tokens.fontFamilyMonospace,
    overflowX: 'auto',
    fontSize: tokens.fontSizeBase200,
    lineHeight: '18px',
  },
  rights: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '2px 20px',
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** One file: who may do what, its control parameters, and its bytes. */
export function FileDetail({ file }: { file: FileView }) {
  const styles = useStyles();
  const path = file.path === '' ? '3F00' : `3F00/${file.path}`;
  return (
    <div className={styles.detail}>
      <h2 className={styles.heading}>
        {file.name ?? 'File'} <span className={styles.mono}>{path}</span>
      </h2>
      <div>
        <h3 className={styles.sub}>Access</h3>
        <ul className={styles.rights}>
          {file.rights.map(({ mode, who }) => (
            <li key={mode}>
              <span className={styles.quiet}>{mode}</span> {whoMay(who)}
            </li>
          ))}
        </ul>
      </div>
      {file.type !== 'folder' && (
        <div>
          <h3 className={styles.sub}>Content</h3>
          {file.content === null ? (
            <span className={styles.quiet}>
              {file.type === 'pin' ? 'Its value stands under «Token».' : 'Secret, or not there yet.'}
            </span>
          ) : (
            <pre className={styles.dump}>{hexDump(file.content)}</pre>
          )}
        </div>
      )}
      <div>
        <h3 className={styles.sub}>
          File control parameters <span className={styles.bytes}>{file.fcp}</span>
        </h3>
        <div className={styles.fcp}>
          {file.fields.flatMap(({ tag, value, meaning }) => [
            <span key={tag} className={styles.bytes}>
              {tag}
            </span>,
            <span key={`${tag}=`} className={styles.bytes}>
              {value}
            </span>,
            <span key={`${tag}:`}>{meaning}</span>,
          ])}
        </div>
      </div>
    </div>
  );
}
