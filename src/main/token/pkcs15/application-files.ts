import {
  condition,
  encodeAccessRules,
  fileKind,
  type FileControl,
  type FileId,
  type FilePath,
} from '../file-control.ts';
import { applicationDirectory, applicationFile } from './object-directory.ts';

/** EF.DIR, in the master file. */
export const applicationListPath: FilePath = [0x2f00];
const applicationList: FileId = 0x2f00;

/** Size that OpenSC gives DF 5000; tokens are known to take more files than that in it (facts §3.4). */
const applicationSize = 5000;
const fileSize = {
  applicationList: 128,
  objectDirectory: 128,
  tokenInformation: 128,
  pins: 256,
  notes: 128,
} as const;

/** TokenInfo as it is made here, in bytes. */
export const tokenInformationSize = fileSize.tokenInformation;

/** Anyone may make files in here or write here; each file says who may change it (facts §3.2). */
const openRules = (remove: number): Uint8Array =>
  encodeAccessRules({ first: condition.always, second: condition.always, remove });

const rulesOfWriter = (writer: number, remove: number): Uint8Array =>
  encodeAccessRules({ first: condition.always, second: writer, remove });

const transparent = (id: FileId, size: number, access: Uint8Array): FileControl => ({
  kind: fileKind.transparent,
  id,
  size,
  access,
});

/** DF 5000. */
export const applicationControl: FileControl = {
  kind: fileKind.directory,
  id: applicationDirectory,
  size: applicationSize,
  access: openRules(condition.user),
};

/** As OpenSC has ODF and TokenInfo, which its tools write without login. */
export const objectDirectoryControl = transparent(
  applicationFile.objectDirectory,
  fileSize.objectDirectory,
  openRules(condition.administrator),
);
export const tokenInformationControl = transparent(
  applicationFile.tokenInformation,
  fileSize.tokenInformation,
  openRules(condition.user),
);

const listControls = (writer: number) => ({
  applicationList: transparent(
    applicationList,
    fileSize.applicationList,
    rulesOfWriter(writer, condition.administrator),
  ),
  pins: transparent(applicationFile.pins, fileSize.pins, rulesOfWriter(writer, condition.administrator)),
});

/** EF.DIR and AODF where only the user's PIN is at hand: a bank's customer does not know the administrator's. */
export const writtenByUser = listControls(condition.user);

/** EF.DIR and AODF as OpenSC's profile has them, and what `pkcs15-init` notes of itself (facts §3.2, §3.4). */
export const writtenByAdministrator = {
  ...listControls(condition.administrator),
  notes: transparent(
    applicationFile.notes,
    fileSize.notes,
    rulesOfWriter(condition.administrator, condition.administrator),
  ),
};
