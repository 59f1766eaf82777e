import { makeStyles, mergeClasses, tokens, Tree, TreeItem, TreeItemLayout } from '@fluentui/react-components';
import { Document16Regular } from '@fluentui/react-icons/svg/document';
import { Folder16Regular } from '@fluentui/react-icons/svg/folder';
import { Key16Regular } from '@fluentui/react-icons/svg/key';
import { Password16Regular } from '@fluentui/react-icons/svg/password';
import { useState } from 'react';

import type { FileView } from '../../view.ts';

const useStyles = makeStyles({
  row: { minHeight: '26px' },
  chosen: {
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    '@media (forced-colors: active)': { outline: '1px solid Highlight' },
  },
  id: { fontFamily: tokens.fontFamilyMonospace },
  name: { marginInlineStart: '8px' },
  summary: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, whiteSpace: 'nowrap' },
});

const icons = {
  folder: <Folder16Regular />,
  data: <Document16Regular />,
  key: <Key16Regular />,
  pin: <Password16Regular />,
};

/** The tree; the file that has the focus is the one that is shown. */
export function FileTree({
  root,
  chosen,
  onChoose,
}: {
  root: FileView;
  chosen: string;
  onChoose: (path: string) => void;
}) {
  // Everything is open but what was closed by hand, so that new files show up by themselves.
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const open = folderPaths(root).filter((path) => !closed.has(path));
  return (
    <Tree
      aria-label="Files"
      size="small"
      openItems={open.map(valueOf)}
      onOpenChange={(_, { value, open: opens }) => {
        const path = pathOf(String(value));
        setClosed((before) => {
          const after = new Set(before);
          if (opens) after.delete(path);
          else after.add(path);
          return after;
        });
      }}
    >
      <Item file={root} chosen={chosen} onChoose={onChoose} />
    </Tree>
  );
}

function Item({
  file,
  chosen,
  onChoose,
}: {
  file: FileView;
  chosen: string;
  onChoose: (path: string) => void;
}) {
  const styles = useStyles();
  const isFolder = file.children.length > 0;
  return (
    <TreeItem
      itemType={isFolder ? 'branch' : 'leaf'}
      value={valueOf(file.path)}
      onFocus={(event) => {
        event.stopPropagation();
        onChoose(file.path);
      }}
    >
      <TreeItemLayout
        className={mergeClasses(styles.row, file.path === chosen && styles.chosen)}
        iconBefore={icons[file.type]}
        aside={<span className={styles.summary}>{file.summary}</span>}
      >
        <span className={styles.id}>{file.id}</span>{' '}
        {file.name !== null && <span className={styles.name}>{file.name}</span>}
      </TreeItemLayout>
      {isFolder && (
        <Tree>
          {file.children.map((child) => (
            <Item key={child.path} file={child} chosen={chosen} onChoose={onChoose} />
          ))}
        </Tree>
      )}
    </TreeItem>
  );
}

/** The master file's path is empty, which is no value for an item. */
const valueOf = (path: string): string => `/${path}`;
const pathOf = (value: string): string => value.slice(1);

const folderPaths = (file: FileView): string[] =>
  file.type === 'folder' ? [file.path, ...file.children.flatMap(folderPaths)] : [];
