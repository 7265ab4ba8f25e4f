import type { Clock } from "../engine/clock.ts";
import type { IntegrityError } from "../engine/integrity_error.ts";
import type { Random } from "../engine/random.ts";
import type { Result } from "../engine/result.ts";
import type { Registry } from "../providers/registry.ts";
import type { Head, Journal } from "../store/journal_port.ts";
import type { Repair } from "../store/log_backend.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPaths, ReadVariable } from "./project_paths.ts";

/** Everything of the outside that the use cases need. Made once, in `compose.ts`. */
export interface ProjectPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: ReadVariable;
  /** The working folder, absolute. */
  readonly workingFolder: string;
  /** The name of this machine. */
  readonly host: string;
  /** Who runs the program, as the operating system or the CI says. */
  readonly who: string;
  /** The providers of a project. */
  registry(paths: ProjectPaths): Registry;
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
  /** Whether the runtime lets the program do this. */
  hasPermission(need: { readonly kind: string; readonly target: string }): Promise<boolean>;
}

/** An environment to open. */
export interface WantedEnvironment {
  readonly name: string;
  /** The pin of `smelt.toml`. */
  readonly firstRecord: string;
  /** `read`: no keys are needed. `plan`: the keys of the vault. `write`: these and the signing key, and the log can be appended to. */
  readonly purpose: "read" | "plan" | "write";
}

/** An environment whose log has been verified. */
export interface OpenEnvironment {
  readonly journal: Journal;
  readonly vault: Vault;
  /** What the pins say of the log. */
  readonly coverage: PinCoverage;
  /** Events that are rightly signed but could not have been admitted: skipped. */
  readonly voidCount: number;
  /** Called for each repair that an append makes. */
  onRepair(listener: (repair: Repair) => void): void;
  /** Releases files; moves the per-user pin forward to what was verified and synced. */
  close(): Promise<void>;
}

/** Up to which record a pin covers the log. Beyond it, a rollback could not be seen. */
export interface PinCoverage {
  readonly coveredTo: number;
  readonly source: "smelt.toml" | "user";
}

export interface NewEnvironment {
  readonly project: string;
  readonly name: string;
}

export interface CreatedEnvironment {
  /** Hash of record 1. */
  readonly firstRecord: string;
  readonly keyId: string;
  readonly keyName: string;
  readonly keyFile: string;
  readonly head: Head;
}

/** Damage, as a value, for those who must report it rather than stop. */
export type Damage = Pick<IntegrityError, "kind" | "where" | "message">;
