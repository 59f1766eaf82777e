import { extensionWay } from './extension-way.ts';
import { ncalayerWay } from './ncalayer-way.ts';
import type { Way } from './way.ts';

const ways: Readonly<Record<string, Way>> = { extension: extensionWay, ncalayer: ncalayerWay };
const kept = 'way';

const buttons = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('input[name="way"]'),
];

/** The customer's choice lasts as long as the tab. */
export function startWaySwitch(): void {
  const before = sessionStorage.getItem(kept);
  for (const button of buttons()) {
    button.checked = button.value === (before ?? 'extension');
    button.addEventListener('change', () => sessionStorage.setItem(kept, button.value));
  }
}

export const chosenWay = (): Way =>
  ways[buttons().find(({ checked }) => checked)?.value ?? ''] ?? extensionWay;
