import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPageDesk } from '#main/browser/open-page-desk.ts';
import type { PageDesk } from '#main/browser/page-desk.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { registerCard } from '#test/virtual-token/registered/register-card.ts';
import { ScriptedUser } from './pages.ts';
import { rsaKeyFromStock } from './rsa-key-stock.ts';
import { WatchedCard } from './watched-card.ts';
import { chosenPassword, factoryPin, openBank, World } from './world.ts';

/** A registered token at a demo bank: made once for a file of tests, because it takes seconds. */
export interface Customer {
  readonly bank: RunningBank;
  readonly card: WatchedCard;
}

export async function registeredCustomer(): Promise<Customer> {
  const bank = await openBank();
  const card = new WatchedCard(
    VirtualCard.create({ profile: 'default-pins' }, { rsaKeySource: rsaKeyFromStock }),
  );
  const opened = { bank, now: () => new Date(), stop: () => Promise.resolve() };
  await registerCard(card.card, opened, { old: factoryPin, new: chosenPassword, label: 'Asel' });
  return { bank, card };
}

/** Kilt with the customer's token in its reader, a user at the consent window, and the desk for pages. */
export interface Desk {
  readonly world: World;
  readonly dataFolder: string;
  readonly user: ScriptedUser;
  readonly desk: PageDesk;
  /** What went wrong inside. */
  readonly defects: unknown[];
}

export async function openDesk({ bank, card }: Customer, now: () => Date = () => new Date()): Promise<Desk> {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'kilt-pages-'));
  const world = await World.open({ bank, kilt: { now, dataFolder } });
  await world.insert(new FaultyCard(card));
  const user = new ScriptedUser();
  const defects: unknown[] = [];
  const desk = openPageDesk(world.kilt, { consent: user, now, onDefect: (error) => defects.push(error) });
  card.verifies = 0;
  return { world, dataFolder, user, desk, defects };
}

/** The bank's root and what it signs with, for OpenSSL and xmlsec1. @returns the file */
export function writeAuthorities({ bankFile }: RunningBank, folder: string): string {
  const { ca } = JSON.parse(readFileSync(bankFile, 'utf8')) as { ca: { anchors: string[] } };
  const keys = readFileSync(path.join(path.dirname(bankFile), 'bank-keys.json'), 'utf8');
  const { issuing } = JSON.parse(keys) as { issuing: { certificate: string } };
  const lines = issuing.certificate.replaceAll(/.{64}/g, '$&\n');
  const file = path.join(folder, 'authorities.pem');
  writeFileSync(
    file,
    `${ca.anchors.join('\n')}\n-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  );
  return file;
}

/** @returns what the program wrote; throws when it says no */
export const program = (name: string, ...args: readonly string[]): Buffer =>
  execFileSync(name, args, { stdio: ['ignore', 'pipe', 'pipe'] });
