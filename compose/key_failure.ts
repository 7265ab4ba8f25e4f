import type { ProjectFailure } from "../project/failure.ts";
import type { KeyFileFault } from "../trust/key_file_fault.ts";

/** The faults that a key file does not have as smelt made it: somebody has altered or replaced it, or may have. */
const DAMAGED: ReadonlySet<KeyFileFault["kind"]> = new Set([
  "Malformed",
  "Symlink",
  "ForeignOwner",
  "Loose",
  "Foreign",
]);

const HINTS: Readonly<Partial<Record<KeyFileFault["kind"], string>>> = {
  Absent: "Restore it from a backup, or run this where the environment was initialised",
  Locked: "Commands that only read do without it, as long as they meet no secret",
};

/** A key file that cannot be used, as a failure of the command. */
export function keyFailure({ kind, message }: KeyFileFault): ProjectFailure {
  const hint = HINTS[kind];
  const failure = { kind: DAMAGED.has(kind) ? "KeyDamage" : "Keys", message } as const;
  return hint === undefined ? failure : { ...failure, hint };
}
