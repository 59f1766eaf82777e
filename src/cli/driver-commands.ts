import type { TFunction } from 'i18next';
import { commandLineProblem } from './command-line-problem.ts';
import type { CommandRun } from './command.ts';

/** `kilt driver list`: the PKCS#11 library in use, and those of known names on this computer. */
export const listDriversCommand: CommandRun<object> = async (kilt, _options, { result, t }) => {
  const { driverLibrary: library, driverSigner: signer } = kilt.settings.get();
  const found = await kilt.driver.here();
  result({ library, signer, found }, () => [
    usedLine(library, t),
    ...(found.length === 0 ? [t('commandLine.driver.noneFound')] : [t('commandLine.driver.found'), ...found]),
  ]);
};

/** `kilt driver use`. @throws KiltError `driver-not-allowed` {likelyCause}; the driver in use stays */
export const useDriverCommand: CommandRun<{ library?: string; signer?: string }> = async (
  kilt,
  { library, signer = '' },
  { result, t },
) => {
  if (library === undefined || library === '') throw commandLineProblem('missing', { option: '--library' });
  const { driverLibrary } = await kilt.chooseDriver({ library, signer });
  result({ library: driverLibrary, signer }, () => [usedLine(driverLibrary, t)]);
};

/** `kilt driver off`. */
export const noDriverCommand: CommandRun<object> = async (kilt, _options, { result, t }) => {
  await kilt.chooseDriver({ library: '', signer: '' });
  result({ library: '', signer: '' }, () => [usedLine('', t)]);
};

const usedLine = (library: string, t: TFunction): string =>
  library === '' ? t('commandLine.driver.unused') : t('commandLine.driver.used', { library });
