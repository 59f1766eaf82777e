import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import type { CardMemory } from './card-state.ts';
import { addMasterFile, addSystemFolders, addVendorPins, fillAsOpenscDoes, fillUp } from './file-layouts.ts';
import { FileSystem } from './file-system.ts';
import { unverifiedBehaviour } from './unverified.ts';

/** What a new card starts with. */
export const profileNames = [
  /** No master file; the initialisation phase, as after `80 8A`. */
  'blank',
  /** As the vendor delivers it: system folders, default PINs, no PKCS#15 application, no EF.DIR (T19). */
  'default-pins',
  /** As OpenSC 0.23 leaves it after erase, create, store PIN and finalize (T1–T3). */
  'formatted',
  /** `default-pins` with no user tries left. */
  'user-pin-blocked',
  /** `default-pins` with no administrator tries left. */
  'administrator-pin-blocked',
  /** `default-pins` with memory for the PKCS#15 application, but not for keys. */
  'nearly-full',
] as const;

/** As tokens are delivered (facts §1.1). */
export const vendorUserPin = '12345678';

export const virtualCardOptions = z.strictObject({
  profile: z.enum(profileNames),
  /** Whose answer to reset it gives. */
  atr: z.enum(['kaztoken', 'rutoken']).default('kaztoken'),
  /** 32-bit serial number in hexadecimal; random when absent. */
  serial: z
    .string()
    .regex(/^[0-9a-f]{8}$/i, 'eight hexadecimal digits')
    .optional(),
  /** Facts §1.4: 64 KB, 128 KB on the newest hardware. */
  memoryKilobytes: z.int().min(8).max(1024).default(64),
  userPin: z.string().min(1).max(32).default(vendorUserPin),
  administratorPin: z.string().min(1).max(32).default('87654321'),
  /** Vendor profiles: shortest PIN (facts §6: 6 in Aktiv's sample, 8 with some integrators). */
  minPinLength: z.int().min(1).max(31).default(6),
  /** Vendor profiles: tries of each PIN (facts §6). */
  attempts: z.int().min(1).max(10).default(10),
  /** Tries of one PIN, in any profile that has it; {@link attempts} or OpenSC's own where absent. */
  userPinAttempts: z.int().min(1).max(10).optional(),
  administratorPinAttempts: z.int().min(1).max(10).optional(),
  /** Vendor profiles: who may change the user PIN (facts §3.2 "Key insight"). */
  userPinChangedBy: z.enum(['administrator', 'user', 'both']).default('both'),
  /** Label of the PKCS#15 application, where the profile has one. */
  label: z.string().min(1).max(32).default('Rutoken ECP'),
  unverified: unverifiedBehaviour.partial().default({}),
});

export type VirtualCardOptions = z.input<typeof virtualCardOptions>;
export type CardSettings = z.output<typeof virtualCardOptions>;

/** Memory of a card without a file system. */
export function blankMemory(options: VirtualCardOptions): CardMemory {
  const settings = virtualCardOptions.parse(options);
  const behaviour = unverifiedBehaviour.parse(settings.unverified);
  return {
    atrName: settings.atr,
    serial: new Uint8Array(
      settings.serial === undefined ? randomBytes(4) : Buffer.from(settings.serial, 'hex'),
    ),
    behaviour,
    files: new FileSystem(settings.memoryKilobytes * 1024, behaviour.fileHeaderBytes),
    phase: 'initialising',
  };
}

/** Writes into a blank memory what the profile promises. */
export function fillByProfile(memory: CardMemory, options: VirtualCardOptions): void {
  const settings = virtualCardOptions.parse(options);
  if (settings.profile === 'blank') return;
  if (settings.profile === 'formatted') {
    fillAsOpenscDoes(memory, settings);
  } else {
    const { files } = memory;
    const root = addMasterFile(files);
    addSystemFolders(files, root);
    const { administrator, user } = addVendorPins(files, root, settings);
    if (settings.profile === 'user-pin-blocked') user.attemptsLeft = 0;
    if (settings.profile === 'administrator-pin-blocked') administrator.attemptsLeft = 0;
    if (settings.profile === 'nearly-full') fillUp(files);
  }
  memory.phase = 'operational';
}
