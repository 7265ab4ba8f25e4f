import type { Diagnostic, ErrorCode } from "../lang/diagnostic.ts";
import type { SourceText } from "../lang/source_text.ts";

/** What kept a command from doing its work, as scripts tell it: each kind has one exit code. */
export type ProjectFailureKind =
  | "Config" // the files, smelt.toml, or what they say of each other
  | "NoProject" // there is no smelt.toml, or the environment has not been initialised
  | "NoLog" // the environment has a log, and it lies on another machine
  | "AlreadyInitialised"
  | "PlanRefused" // the plan cannot be applied as it is
  | "Permission" // the runtime or the operating system refuses what the run would need
  | "Keys" // a key is missing, or not trusted for this
  | "KeyDamage" // a key was altered or replaced, or others than its owner may have done so
  | "Damage" // bytes are not what their digest says
  | "Provider" // a provider cannot say which account it reaches, or a registry did not do what was asked
  | "NotFound"
  | "Sensitive" // what was asked for is a secret, which is never printed
  | "RunLive" // another run holds what this one needs
  | "RunEnded" // a run that was to be taken up left nothing to do
  | "Stale" // what the plan rests on has changed meanwhile
  | "Store"; // the log or another file of smelt's own cannot be read or written

/** Why a use case could not do its work. Plain data, for text and for `--json` alike. */
export interface ProjectFailure {
  readonly kind: ProjectFailureKind;
  /** The code of an error that stands in no file, for example of a name on the command line. */
  readonly code?: ErrorCode;
  /** Sentence case, no full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The address that it is about. */
  readonly resource?: string;
  /** Errors in files, each with its place. */
  readonly diagnostics?: readonly Diagnostic[];
  /** The texts that the diagnostics point into, by file. */
  readonly sources?: ReadonlyMap<string, SourceText>;
  /** Further sentences, one thing each. */
  readonly details?: readonly string[];
}
