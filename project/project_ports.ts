import type { AuditReport } from "../audit/audit_report.ts";
import type { HeldCheckpoint } from "../audit/held_checkpoint.ts";
import type { VerifiedLog } from "../audit/verified_log.ts";
import type { AcceptedLoss, SeenRecord } from "../engine/accepted_loss.ts";
import type { AttestationChecks } from "../audit/verify_attestation.ts";
import type { Clock } from "../engine/clock.ts";
import type { RunLocks } from "../actors/run_world.ts";
import type { KeyRole } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import type { JsonObject } from "../engine/json.ts";
import type { Random } from "../engine/random.ts";
import type { Result } from "../engine/result.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import type { ImageTools } from "../providers/image_tools.ts";
import type { ImageKey, ImageSigner } from "../providers/image_trust.ts";
import type { Registry } from "../providers/registry.ts";
import type { Journal } from "../store/journal_port.ts";
import type { Repair } from "../store/log_backend.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { ProjectFailure } from "./failure.ts";
import type { KeyFolder, PublicKey } from "./key_folder.ts";
import type { Notice } from "./notice.ts";
import type { ProjectPaths, ReadVariable } from "./project_paths.ts";
import type { Notary } from "./notary.ts";
import type { KmsKeyName } from "../trust/kms_key_name.ts";
import type { SecretStore } from "./secret_store.ts";
import type { KeyPlaces } from "./smelt_toml_keys.ts";
import type { RecordPin } from "./smelt_toml_pin.ts";
import type { CheckpointPin } from "./smelt_toml_witnesses.ts";

/** Everything of the outside that the use cases need. Made once, in `compose/`. */
export interface ProjectPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: ReadVariable;
  /** The secrets that this process has met: whatever leaves it is asked of them. */
  readonly secrets: SecretRegister;
  /** The working folder, absolute. */
  readonly workingFolder: string;
  /** The name of this machine. */
  readonly host: string;
  /** Who runs the program, as the operating system or the CI says. */
  readonly who: string;
  /** What builds and sends container images; loaded when it is asked for. */
  images(): Promise<ImageTools>;
  /** The providers of a project. */
  registry(paths: ProjectPaths): Registry;
  /** The signing keys of a project that lie on this machine. */
  keyFolder(paths: ProjectPaths): Promise<KeyFolder>;
  /** Reads and verifies the log of an environment, and opens it for appending. Throws an `IntegrityError` for damage. */
  openEnvironment(
    paths: ProjectPaths,
    wanted: WantedEnvironment,
  ): Promise<Result<OpenEnvironment, ProjectFailure>>;
  /** Makes keys and record 1 of a new environment, and pins it. */
  createEnvironment(
    paths: ProjectPaths,
    wanted: NewEnvironment,
  ): Promise<Result<CreatedEnvironment, ProjectFailure>>;
  /** All records of an environment's log; verified like any other reading. Throws an `IntegrityError` for damage. */
  readLog(paths: ProjectPaths, wanted: LoggedEnvironment): Promise<Result<VerifiedLog, ProjectFailure>>;
  /** Makes sure that all of a log that was read is durable. */
  syncLog(paths: ProjectPaths, environment: string): Promise<void>;
  /** The names of environments that have a log here, whether `smelt.toml` holds them or not. */
  listLogs(paths: ProjectPaths): Promise<readonly string[]>;
  /** Sets a closed log aside, so that its name is free; says where it lies now. `undefined`: it is open, or there is none. */
  setLogAside(paths: ProjectPaths, environment: string): Promise<string | undefined>;
  /** Makes every check of an environment's log; damage is told in the report, not thrown. */
  auditEnvironment(
    paths: ProjectPaths,
    wanted: LoggedEnvironment & { readonly project: string; readonly held: HeldCheckpoint | undefined },
  ): Promise<Result<AuditReport, ProjectFailure>>;
  /** What signs attestations: the key that signs in an environment. */
  attestor(paths: ProjectPaths, keys: KeyPlaces): Promise<Result<Attestor, ProjectFailure>>;
  /** The key that signs images: the one that `name` names, of this project or `kms:` and a key, else the one that signs in the environment. */
  imageSigner(
    paths: ProjectPaths,
    keys: KeyPlaces,
    name: string | undefined,
  ): Promise<Result<ImageSigner, ProjectFailure>>;
  /** A key that images are verified with. */
  imageKey(
    paths: ProjectPaths,
    keys: KeyPlaces,
    source: ImageKeySource,
  ): Promise<Result<ImageKey, ProjectFailure>>;
  /** What making and verifying attestations takes of cryptography. */
  attestationChecks(): Promise<AttestationChecks>;
  /** How the program that runs now can be started again, for the launcher of a project; `undefined` when it needs none. */
  readonly launch: LaunchCommand | undefined;
  /**
   * Runs a program of the PATH whose input is a text and whose output is ours. Gives its exit code; `undefined`: there is no such
   * program.
   */
  feedProgram(program: string, args: readonly string[], input: string): Promise<number | undefined>;
  /** Whether a path is smelt's own, by whatever name, links resolved in both: nothing of it is ever taken for a secret. */
  isOwnFile(root: string, path: string): Promise<boolean>;
  /** Whether the runtime lets the program do this. */
  hasPermission(need: { readonly kind: string; readonly target: string }): Promise<boolean>;
}

/** An environment, and the pins of it in `smelt.toml`. */
export interface LoggedEnvironment {
  readonly name: string;
  /** Hash of record 1. */
  readonly firstRecord: string;
  /** A later record that the log must hold. */
  readonly pin: RecordPin | undefined;
  /** A signed checkpoint in a file that it must hold. */
  readonly checkpoint: CheckpointPin | undefined;
}

/** Where a public key is from: a key of this project or `kms:` and a key, or the text of a file, in PEM or as `smelt keys export` prints it. */
export type ImageKeySource =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "text"; readonly file: string; readonly text: string };

/** A key that signs attestations. */
export interface Attestor {
  readonly keyId: string;
  /** In PEM, as other programs read it. */
  readonly publicKeyPem: string;
  /** Signs the canonical form of a statement, in an envelope. */
  sign(statement: JsonObject): Promise<Result<JsonObject, ProjectFailure>>;
}

/** The parts of a command line that starts this program from source. */
export interface LaunchCommand {
  /** The runtime's own program, absolute. */
  readonly runtime: string;
  /** The configuration that holds the permission set, absolute. */
  readonly config: string;
  /** The program's main module, absolute. */
  readonly main: string;
}

/** An environment to open. */
export interface WantedEnvironment extends LoggedEnvironment {
  readonly keys: KeyPlaces;
  /** Further records that the log must contain, and what names each. */
  readonly pins?: readonly (SeenRecord & { readonly source: string })[];
  /** `read`: no keys are needed. `plan`: the keys of the vault. `write`: these and the signing key, and the log can be appended to. */
  readonly purpose: "read" | "plan" | "write";
  /** `told`: a log that does not hold what is pinned is not refused; which pins these are is told. Only to accept their loss. */
  readonly lost?: "told";
  /** A key that the one which signs here has replaced, as `SMELT_KEY` would name it; asked only where a log was restored. */
  readonly oldKey?: string;
  /** What the signing key must be good for, where the log is written to; `apply` when left out. Others need no key of secrets. */
  readonly role?: KeyRole;
}

/** A pin whose record the log does not hold. */
export interface LostPin extends SeenRecord {
  /** What names it, for people. */
  readonly source: string;
  /** The record that the log holds there; `undefined` where it ends before. */
  readonly found: string | undefined;
}

/** What a restored log knows no more of the key that signs here having come in the place of others. */
export interface LostExchange {
  /** That key, where the log does not trust it as an admin: then one that it replaced signs, and is to let it in. */
  readonly successor: PublicKey | undefined;
  /** Those that it replaced, by id, as far as the log trusts them and no pin says that they were admins to the last. */
  readonly replaced: readonly string[];
}

/** A pin whose record the log does not hold, rightly: its loss was accepted. */
export interface ExcusedPin {
  readonly pin: Pick<LostPin, "seq" | "hash" | "source">;
  readonly loss: AcceptedLoss;
}

/** An environment whose log has been verified. */
export interface OpenEnvironment {
  readonly journal: Journal;
  /** The key that signs here, by id; `undefined` where the environment was not opened to write. */
  readonly signingKey: string | undefined;
  /** BLAKE3 of a text, in hex. */
  readonly hash: (text: string) => string;
  readonly vault: Vault;
  /** Opens every secret that the log holds, so that it is known when somebody says something that may hold one. */
  noteSecrets(): Promise<void>;
  /** The vault's keys and blobs, for those who exchange keys. */
  readonly secretStore: SecretStore;
  /** What the pins say of the log. */
  readonly coverage: PinCoverage;
  /** Pins that the log does not hold; none unless they were asked for. */
  readonly lost: readonly LostPin[];
  /** `undefined` where nothing of the kind is lost. */
  readonly lostExchange: LostExchange | undefined;
  /** Pins of before the log was restored. */
  readonly excused: readonly ExcusedPin[];
  /** Events that are rightly signed but could not have been admitted: skipped. */
  readonly voidCount: number;
  /** What appends of this process have mended at the end of the log, so far. */
  readonly repairs: readonly Repair[];
  /** The operating system's locks of runs on this project. */
  readonly locks: RunLocks;
  /** Keeps outcomes that could not be appended, for the next run; returns where. */
  saveUnsaved(run: string, outcomes: readonly Event[]): Promise<string>;
  /**
   * The outcomes in a file that `saveUnsaved` wrote; `undefined` when they are of another log, or of a revoked key. Throws an `IntegrityError` when
   * no key that may append signed them.
   */
  openUnsaved(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<readonly Event[] | undefined>;
  /** Signs a plan for its file. Secrets in it are sealed. Only where the environment was opened to write. */
  signPlan(body: JsonObject): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * The plan in a file that `signPlan` made; `undefined` when it is of another log. Throws an `IntegrityError` when no key that
   * may apply signed it as it is.
   */
  openPlan(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<SignedPlan | undefined>;
  /** Signs checkpoints of the log, and proves what is in it. */
  readonly notary: Notary;
  /** Releases files; moves the per-user pin forward to what was verified and synced, and says so where it cannot. */
  close(): Promise<Notice | undefined>;
}

/** What was found in the file of a plan, and was signed as it is. */
export interface SignedPlan {
  readonly body: JsonObject;
  /** The key that signed it, by id. */
  readonly by: string;
  /** BLAKE3 of the bytes that were signed, in hex. */
  readonly digest: string;
}

/** Up to which record a pin covers the log. Beyond it, a rollback could not be seen. */
export interface PinCoverage {
  readonly coveredTo: number;
  readonly source: "smelt.toml" | "user";
}

/** An environment to make. */
export interface NewEnvironment {
  /** The id of the project, as it will stand in `smelt.toml`. */
  readonly project: string;
  readonly name: string;
  readonly keys: KeyPlaces;
}

/** An environment that has just been made, or whose making was interrupted before its pin was written. */
export interface CreatedEnvironment {
  /** The id of the project that record 1 names. */
  readonly project: string;
  /** Hash of record 1. */
  readonly firstRecord: string;
  readonly keyId: string;
  readonly keyName: string;
  readonly keyPlace: KeyPlace;
}

/** Where a signing key is: in a file, or in a key service under this name. */
export type KeyPlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "kms"; readonly name: KmsKeyName };
