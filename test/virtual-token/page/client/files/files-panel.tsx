import { makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import type { FileView } from '../../view.ts';
import { FileDetail } from './file-detail.tsx';
import { FileTree } from './file-tree.tsx';

const useStyles = makeStyles({
  panel: { flex: 1, minHeight: 0, display: 'grid', gridTemplateRows: 'minmax(0, 1fr) minmax(0, 1fr)' },
  tree: { overflowY: 'auto', padding: '8px' },
  detail: {
    overflowY: 'auto',
    padding: '12px 16px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  none: { padding: '16px', color: tokens.colorNeutralForeground2 },
});

/** The token's files as a tree, and the one that is chosen. */
export function FilesPanel({ root }: { root: FileView | null }) {
  const styles = useStyles();
  const [path, setPath] = useState('');
  if (root === null)
    return <div className={styles.none}>No file system: this token waits to be formatted.</div>;
  const chosen = fileAt(root, path) ?? root;
  return (
    <div className={styles.panel}>
      <div className={styles.tree}>
        <FileTree root={root} chosen={chosen.path} onChoose={setPath} />
      </div>
      <section className={styles.detail} aria-label="File">
        <FileDetail file={chosen} />
      </section>
    </div>
  );
}

function fileAt(file: FileView, path: string): FileView | undefined {
  if (file.path === path) return file;
  for (const child of file.children) {
    const found = fileAt(child, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
