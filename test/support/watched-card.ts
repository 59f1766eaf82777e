import type { CardState } from '#test/virtual-token/card-state.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardWithMemory } from '#test/virtual-token/emulated-card.ts';

const INS_VERIFY = 0x20;

/** A virtual card with a witness: what was tried on it, and what lies in its memory. */
export class WatchedCard implements CardWithMemory {
  readonly card: VirtualCard;
  /** PINs sent to the card, and how many of them it refused. */
  verifies = 0;
  refusedVerifies = 0;
  commands = 0;

  constructor(card: VirtualCard) {
    this.card = card;
  }

  get atr(): Uint8Array {
    return this.card.atr;
  }

  powerOn(): void {
    this.card.powerOn();
  }

  powerOff(): void {
    this.card.powerOff();
  }

  reset(): void {
    this.card.reset();
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.commands += 1;
    const answer = await this.card.transmit(command);
    if (command[1] === INS_VERIFY && command.length > 5) {
      this.verifies += 1;
      // 6F86 (already logged in) is no verdict on the PIN.
      if (answer.at(-2) === 0x63 || answer.at(-2) === 0x69) this.refusedVerifies += 1;
    }
    return answer;
  }

  snapshot(): CardState {
    return this.card.snapshot();
  }

  reload(state: CardState): void {
    this.card.reload(state);
  }

  /** Key files in the card's memory, whether or not any directory names them. */
  keyFiles(): { readonly privateKeys: number; readonly publicKeys: number; readonly empty: number } {
    const keys = leaves(this.card.snapshot()).filter((file) => file.type === 'key');
    return {
      privateKeys: keys.filter(({ kind }) => kind.endsWith('-private')).length,
      publicKeys: keys.filter(({ kind }) => kind.endsWith('-public')).length,
      empty: keys.filter(({ value }) => value === null).length,
    };
  }

  /** Files for what only the user reads (facts §3.4), whether or not any directory names them. */
  privateDataFiles(): number {
    return leaves(this.card.snapshot()).filter(({ id, type }) => type === 'data' && id >> 8 === 0x05).length;
  }

  userAttemptsLeft(): number | undefined {
    return leaves(this.card.snapshot()).find((file) => file.type === 'pin' && file.id === 2)?.attemptsLeft;
  }
}

type Folder = NonNullable<CardState['root']>;
type Leaf = Exclude<Folder['children'][number], Folder>;

function leaves({ root }: CardState): readonly (Leaf & { attemptsLeft?: number })[] {
  const found: Leaf[] = [];
  const visit = (folder: Folder): void => {
    for (const child of folder.children) {
      if (child.type === 'folder') visit(child);
      else found.push(child);
    }
  };
  if (root) visit(root);
  return found;
}
