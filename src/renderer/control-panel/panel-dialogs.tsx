import type { PanelView } from '#shared/control-panel-views.ts';
import type { ErrorView, SettingsView } from '#shared/views.ts';
import type { DoneAction } from './administration/administration.tsx';
import { ChangePinDialog } from './administration/change-pin-dialog.tsx';
import { InformationDialog } from './administration/information-dialog.tsx';
import { LoginDialog } from './administration/login-dialog.tsx';
import { RenameDialog } from './administration/rename-dialog.tsx';
import { UnblockDialog, UnblockedDialog } from './administration/unblock-dialog.tsx';
import type { PanelTask } from './panel-task.ts';

/** The dialog of the task at hand. */
export function PanelDialogs({
  task,
  panel,
  weakPins,
  onDone,
  onFailed,
  onNext,
  onClose,
}: {
  task: PanelTask;
  panel: PanelView;
  weakPins: SettingsView['weakPins'];
  onDone: (action: DoneAction['action']) => void;
  /** Also told outside of the dialog, which goes when the rights are gone. */
  onFailed: (error: ErrorView) => void;
  /** Goes on with another task. */
  onNext: (task: PanelTask) => void;
  onClose: () => void;
}) {
  switch (task.kind) {
    case 'login':
      return (
        <LoginDialog
          panel={panel}
          role={task.role}
          // What comes then takes its place as soon as the rights are there.
          {...(task.then !== undefined && { onLoggedIn: () => undefined })}
          onClose={onClose}
        />
      );
    case 'information':
      return <InformationDialog information={panel.information} onClose={onClose} />;
    case 'change-pin':
      return (
        <ChangePinDialog
          key={task.role}
          panel={panel}
          role={task.role}
          weakPins={weakPins}
          onFailed={onFailed}
          onDone={() => {
            onDone(task.role === 'user' ? 'change-user-pin' : 'change-administrator-pin');
            onClose();
          }}
          onClose={onClose}
        />
      );
    case 'unblock':
      return (
        <UnblockDialog
          tokenId={panel.tokenId}
          onFailed={onFailed}
          onDone={() => {
            onDone('unblock');
            onNext({ kind: 'unblocked' });
          }}
          onClose={onClose}
        />
      );
    case 'unblocked':
      return (
        <UnblockedDialog
          panel={panel}
          onSetNew={() => {
            onNext({ kind: 'change-pin', role: 'user' });
          }}
          onClose={onClose}
        />
      );
    case 'rename':
      return (
        <RenameDialog
          panel={panel}
          onFailed={onFailed}
          onDone={() => {
            onDone('rename');
            onClose();
          }}
          onClose={onClose}
        />
      );
  }
}
