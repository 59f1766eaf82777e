import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useState, type DragEvent, type ReactNode } from 'react';
import { dropFiles } from '../bridge.ts';
import type { ChosenDocument } from './chosen-document.ts';

const useStyles = makeStyles({
  zone: {
    borderRadius: tokens.borderRadiusLarge,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    padding: '16px',
  },
  over: {
    borderTopColor: tokens.colorBrandStroke1,
    borderRightColor: tokens.colorBrandStroke1,
    borderBottomColor: tokens.colorBrandStroke1,
    borderLeftColor: tokens.colorBrandStroke1,
    backgroundColor: tokens.colorBrandBackground2,
  },
});

/** Takes files that are dropped on it; everything in it works without a mouse as well. */
export function DropZone({
  onFiles,
  onFailure,
  children,
}: {
  onFiles: (documents: ChosenDocument[]) => void;
  onFailure: (error: unknown) => void;
  children: ReactNode;
}) {
  const styles = useStyles();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    dropFiles([...event.dataTransfer.files]).then(onFiles, onFailure);
  };
  return (
    <div
      className={mergeClasses(styles.zone, over && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      {children}
    </div>
  );
}
