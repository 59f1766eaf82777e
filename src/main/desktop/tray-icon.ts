import { nativeImage, type NativeImage } from 'electron';
import size16 from '#assets/tray/16.png?inline';
import size24 from '#assets/tray/24.png?inline';
import size32 from '#assets/tray/32.png?inline';
import size48 from '#assets/tray/48.png?inline';

/** By the display's scale. Windows' notification area is 16 pixels high, that of Linux desktops 22 to 24. */
const sizes =
  process.platform === 'linux'
    ? [
        { scaleFactor: 1, dataURL: size24 },
        { scaleFactor: 2, dataURL: size48 },
      ]
    : [
        { scaleFactor: 1, dataURL: size16 },
        { scaleFactor: 1.5, dataURL: size24 },
        { scaleFactor: 2, dataURL: size32 },
        { scaleFactor: 3, dataURL: size48 },
      ];

export function trayIcon(): NativeImage {
  const image = nativeImage.createEmpty();
  for (const size of sizes) image.addRepresentation(size);
  return image;
}
