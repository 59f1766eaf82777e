import { equalBytes, secretFromText, wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError, isKiltError, type ErrorId } from '#shared/errors.ts';
import {
  isProfileOf,
  type HomeView,
  type ProfileName,
  type RegistrationView,
  type TokenView,
} from '#shared/views.ts';
import { bankView, type BankDirectory } from '#main/enrolment/bank-files.ts';
import { revocationError, underBank } from '#main/enrolment/certificate-question.ts';
import type { LoginAnswer } from '#main/enrolment/bank-protocol.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import type { HttpClient } from '#main/enrolment/http.ts';
import {
  begunProfile,
  readProfiles,
  registeredProfiles,
  type ProfileRecord,
} from '#main/enrolment/profile-record.ts';
import type { RegistrationRunner } from '#main/enrolment/registration-runner.ts';
import { signIn } from '#main/signing/sign-in.ts';
import type { OperationLog } from '#main/store/operations.ts';
import type { RegistrationJournal } from '#main/store/registration-journal.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';

/** User PIN of a token as it leaves the factory (manual `004`, step 3.13). */
const factoryUserPin = '12345678';
const operationsShown = 10;
/** The bank has answered, and its answer was no. */
const signInRefusals: readonly ErrorId[] = ['sign-in-refused', 'sign-in-late', 'sign-in-certificate-ended'];

export type OpenedProfile =
  | { readonly outcome: 'signed-in'; readonly home: HomeView }
  | { readonly outcome: 'create-profile'; readonly defaultPin: boolean }
  | { readonly outcome: 'continue-registration'; readonly registration: RegistrationView };

interface SignedIn {
  readonly bank: BankSystem;
  readonly pageUrl: string;
}

export interface ProfileServices {
  readonly tokens: TokenWatch;
  readonly pins: PinCustody;
  readonly banks: BankDirectory;
  readonly runner: RegistrationRunner;
  readonly journal: RegistrationJournal;
  readonly operations: OperationLog;
  readonly http: (bank: BankSystem) => HttpClient;
  readonly trust: CertificateTrust;
  readonly view: (token: KnownToken) => TokenView;
  readonly now: () => Date;
  /** The bank has answered; with what it says beside. */
  readonly onSignedIn?: (
    profile: { bankId: string; userId: string; tokenSerial: string; tokenId: string },
    answer: LoginAnswer,
  ) => void;
}

/** «ОК» of the picker and what follows it: one PIN, one VERIFY, and the way that the token's own state asks for. */
export class ProfileService {
  readonly #services: ProfileServices;
  readonly #signedIn = new Map<string, SignedIn>();

  constructor(services: ProfileServices) {
    this.#services = services;
  }

  /**
   * Opens a token with the PIN that was typed.
   *
   * @param wanted which profile; `new` for one more. Without it: the registration that is not finished, else the only
   *   profile
   * @throws KiltError `input-invalid` {field: `profile`} where it is not on the token or there are several,
   *   `wrong-pin` {attemptsLeft}, `pin-blocked`, `format-interrupted`, `token-…`, and those of {@link signIn}
   */
  async open(tokenId: string, pin: SecretBytes, wanted?: ProfileName | 'new'): Promise<OpenedProfile> {
    const token = this.#ready(tokenId);
    const view = this.#services.view(token);
    if (view.kind === 'half-formatted') throw new KiltError('format-interrupted');
    const record = recordToOpen(token, view, wanted);
    if (record) return { outcome: 'signed-in', home: await this.#signIn(token, record, pin) };
    await this.#services.tokens.withSession(tokenId, (session) => session.login('user', pin));
    this.#services.pins.keep(tokenId, 'user', pin);
    if (view.unfinished) {
      return { outcome: 'continue-registration', registration: this.#unfinished(view, token) };
    }
    return { outcome: 'create-profile', defaultPin: isFactoryPin(pin) };
  }

  /** Page of the bank session that {@link open} began. @throws KiltError `pin-needed` when there is none */
  bankPage(tokenId: string): string {
    const session = this.#signedIn.get(tokenId);
    if (!session) throw new KiltError('pin-needed', { role: 'user' });
    return session.pageUrl;
  }

  /** Ends a profile's session. The PIN goes too, unless a registration of another profile on the token waits with it. */
  leave(tokenId: string): void {
    const { tokens, journal, pins } = this.#services;
    this.#signedIn.delete(tokenId);
    const serial = tokens.tokens().find(({ id }) => id === tokenId)?.info?.serial;
    if (serial === undefined || !journal.isRunningOn(serial)) pins.forget(tokenId);
  }

  #ready(tokenId: string): KnownToken {
    const token = this.#services.tokens.tokens().find(({ id }) => id === tokenId);
    if (!token) throw new KiltError('token-removed');
    if (token.state === 'in-use') throw new KiltError('token-in-use', { reader: token.reader });
    if (token.state === 'unsupported') throw new KiltError('token-unsupported', { reader: token.reader });
    if (token.state === 'mute') throw new KiltError('token-mute', { reader: token.reader });
    if (!token.info) throw token.error ?? new KiltError('operation-busy');
    return token;
  }

  #unfinished(view: TokenView, { objects }: KnownToken): RegistrationView {
    const { journal, runner } = this.#services;
    const record = objects && begunProfile(readProfiles(objects));
    const journalId = view.unfinished?.journalId;
    if (journalId !== undefined) return runner.view(journal.get(journalId));
    if (record === undefined || view.serial === undefined) {
      throw new KiltError('token-layout-damaged');
    }
    return runner.view(runner.adopt(record, view.label ?? record.userId, view.serial));
  }

  async #signIn(token: KnownToken, record: ProfileRecord, pin: SecretBytes): Promise<HomeView> {
    const { banks, operations, http, tokens, pins, now } = this.#services;
    const bank = banks.get(record.bankId);
    await this.#refuseRevoked(token, record, bank);
    const client = http(bank);
    try {
      const answer = await signIn({
        bank,
        record,
        tokens,
        tokenId: token.id,
        pin,
        http: client,
        now,
        onPinAccepted: () => pins.keep(token.id, 'user', pin),
      });
      const view = this.#services.view(token);
      const serial = view.serial ?? '';
      this.#remember(serial, 'done', bank);
      this.#signedIn.set(token.id, { bank, pageUrl: answer.pageUrl });
      const { bankId, userId } = record;
      this.#services.onSignedIn?.({ bankId, userId, tokenSerial: serial, tokenId: token.id }, answer);
      return {
        tokenId: token.id,
        label: view.label ?? record.userId,
        serial,
        bank: bankView(bank),
        userId: record.userId,
        customerName: answer.customerName,
        signedInAt: now().toISOString(),
        certificates: view.certificates.filter((one) => !one.profile || isProfileOf(one.profile, record)),
        defaultPin: isFactoryPin(pin),
        operations: [...operations.latest(serial, operationsShown)],
      };
    } catch (error) {
      if (isKiltError(error) && signInRefusals.includes(error.id) && token.info) {
        this.#remember(token.info.serial, 'failed', bank);
      }
      throw error;
    } finally {
      await client.close();
    }
  }

  /**
   * A bank refuses a revoked certificate by itself; asked before, the user learns since when and why, and no try of the
   * PIN is needed for it. Whether it is otherwise in order is the bank's to judge.
   *
   * @throws KiltError `certificate-revoked`, `certificate-suspended`, `revocation-unknown`
   */
  async #refuseRevoked(token: KnownToken, record: ProfileRecord, bank: BankSystem): Promise<void> {
    const certificates = token.objects?.certificates ?? [];
    const own = certificates.find(({ id }) => id === record.signInKeyId);
    if (!own || !bank.revocation) return;
    const others = certificates.map(({ der }) => der);
    const error = revocationError(await this.#services.trust.judge(underBank(bank, own.der, others)));
    if (!error) return;
    if (token.info) this.#remember(token.info.serial, 'failed', bank);
    throw error;
  }

  /** The bank has answered already: a full disk keeps nobody out and hides no refusal, it only costs the line here. */
  #remember(tokenSerial: string, result: 'done' | 'failed', bank: BankSystem): void {
    try {
      this.#services.operations.add({ tokenSerial, kind: 'signed-in', result, detail: bank.id });
    } catch (error) {
      if (!isKiltError(error)) throw error;
    }
  }
}

/** The profile that is signed in to, if that is what is wanted. */
function recordToOpen(
  { objects }: KnownToken,
  { kind, unfinished }: TokenView,
  wanted: ProfileName | 'new' | undefined,
): ProfileRecord | undefined {
  const registered = objects && kind !== 'unknown' ? registeredProfiles(objects) : [];
  if (wanted === 'new') return undefined;
  if (wanted) {
    const found = registered.find((record) => isProfileOf(record, wanted));
    if (!found && !(unfinished && isProfileOf(unfinished, wanted)))
      throw new KiltError('input-invalid', { field: 'profile' });
    return found;
  }
  if (unfinished) return undefined;
  if (registered.length > 1) throw new KiltError('input-invalid', { field: 'profile' });
  return registered[0];
}

function isFactoryPin(pin: SecretBytes): boolean {
  const factory = secretFromText(factoryUserPin);
  const same = equalBytes(pin, factory);
  wipe(factory);
  return same;
}
