/// <reference types="vite/client" />
import type { KiltBridge } from '#shared/ipc-contract.ts';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly kilt: KiltBridge;
  }
}
