import { asSecret } from '#shared/bytes.ts';
import type { Kilt } from '#main/kilt.ts';
import type { Desktop } from './application.ts';
import { ChosenKeyFiles } from './chosen-key-files.ts';
import type { Handlers } from './ipc.ts';

type ControlPanelCalls = Pick<
  Handlers,
  Extract<keyof Handlers, `${'panel' | 'certificates' | 'audit'}.${string}`>
>;

/** The bridge's calls for «Панель управления KAZTOKEN» and for the audit. */
export function controlPanelHandlers(kilt: Kilt, desktop: Desktop): ControlPanelCalls {
  const { controlPanel, certificates, audit } = kilt;
  const importFiles = new ChosenKeyFiles();
  return {
    'panel.token': ({ tokenId }) => controlPanel.view(tokenId),
    'panel.login': ({ tokenId, role, pin }) => controlPanel.login(tokenId, role, asSecret(pin)),
    'panel.logout': ({ tokenId }) => controlPanel.logout(tokenId),
    'panel.changePin': ({ tokenId, role, newPin, acceptWeak }) =>
      controlPanel.changePin(tokenId, { role, newPin: asSecret(newPin), acceptWeak }),
    'panel.unblock': ({ tokenId }) => controlPanel.unblock(tokenId),
    'panel.rename': ({ tokenId, label }) => controlPanel.rename(tokenId, label),
    'panel.runningFormat': async () => controlPanel.runningFormat() ?? null,
    'panel.planFormat': ({ tokenId }) => controlPanel.planFormat(tokenId),
    'panel.format': ({ newUserPin, newAdministratorPin, ...order }) =>
      controlPanel.format({
        ...order,
        newUserPin: asSecret(newUserPin),
        newAdministratorPin: asSecret(newAdministratorPin),
      }),

    'certificates.list': ({ tokenId }) => certificates.list(tokenId),
    'certificates.check': ({ tokenId, fingerprint }) => certificates.check(tokenId, fingerprint),
    async 'certificates.export'({ tokenId, fingerprint, format }) {
      const fileName = await certificates.export(tokenId, fingerprint, format, (file) =>
        desktop.saveFile({ kind: `certificate-${format}`, ...file }),
      );
      return fileName === undefined ? null : { fileName };
    },
    async 'certificates.chooseImport'() {
      const path = await desktop.chooseImportFile();
      const remembered = importFiles.remember(path);
      if (path === undefined || !remembered) return null;
      const { id: fileId, fileName } = remembered;
      return { fileId, fileName, needsPassword: await certificates.needsPassword(path) };
    },
    'certificates.openImport': ({ tokenId, fileId, password }) =>
      certificates.openImport(tokenId, {
        path: importFiles.pathOf(fileId),
        password: password && asSecret(password),
      }),
    'certificates.import': ({ tokenId, importId }) => certificates.import(tokenId, importId),
    'certificates.forgetImport': async ({ importId }) => certificates.forgetImport(importId),
    'certificates.delete': ({ tokenId, target, confirmation }) =>
      certificates.remove(tokenId, target, confirmation),

    'audit.list': async (page) => audit.view(page),
    async 'audit.export'() {
      const { suggestedName, contents } = audit.exported();
      const fileName = await desktop.saveFile({ kind: 'audit', suggestedName, contents });
      return fileName === undefined ? null : { fileName };
    },
  };
}
