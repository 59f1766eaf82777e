/**
 * Names and sizes on the way between the browser's extension and Kilt's native-messaging host; what goes over it is in
 * `extension-link.ts`. Apart, so that the extension needs no library.
 */
export const nativeHostName = 'kz.kilt.desktop';

/** SHA-256 of the public key in the extension's manifest, as Chromium writes it (extension/manifest.ts). */
export const chromiumExtensionId = 'ibcgjphpmodlibmdadgpfkcapciofhnp';
export const firefoxExtensionId = 'browser@kilt.kz';

/** Changes when an older extension would misunderstand Kilt, or the other way round. */
export const linkVersion = 1;

/** Bytes of one frame to Kilt: documents of 32 MiB in base64, and what is around them. Browsers allow 64 MiB. */
export const largestFrameToKilt = 48 * 1024 * 1024;
/** Bytes of one frame to the browser, which ends the host that sends more. */
export const largestFrameToBrowser = 1024 * 1024;
