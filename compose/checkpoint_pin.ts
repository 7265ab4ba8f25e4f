import {
  openCheckpoint,
  type OpenedCheckpoint,
  signatureFault,
  witnessFault,
} from "../audit/open_checkpoint.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import type { LoggedEnvironment } from "../project/project_ports.ts";
import { readCheckpointFile } from "../project/read_checkpoint_file.ts";
import type { LogFold } from "../store/log_fold.ts";
import type { Pin } from "../store/pin.ts";

/** The pin that a signed checkpoint is, and the rest of its proof, which takes the log's own keys. */
export interface CheckpointPins {
  /** One, or none where smelt.toml names no checkpoint. */
  readonly pins: readonly Pin[];
  /** Throws an `IntegrityError` unless a key of the log that was read signed the checkpoint. */
  requireSigned(fold: LogFold): Promise<void>;
}

const NO_PINS: CheckpointPins = { pins: [], requireSigned: () => Promise.resolve() };

/**
 * Reads the checkpoint that smelt.toml names for an environment, and takes the record that it is of for a pin once the witnesses
 * that are asked for have cosigned it. Throws an `IntegrityError` where it cannot be read or does not hold: whoever could
 * take the file away could also set the log back.
 */
export async function checkpointPins(root: string, wanted: LoggedEnvironment): Promise<CheckpointPins> {
  if (wanted.checkpoint === undefined) return NO_PINS;
  const { file, witnesses } = wanted.checkpoint;
  const read = await readCheckpointFile(root, file);
  if (!read.ok) throw untrusted(wanted.name, file, read.error.message);
  const opened = openCheckpoint(read.value);
  if (!opened.ok) throw untrusted(wanted.name, file, opened.error);
  const fault = streamFault(opened.value, wanted) ?? await witnessFault(opened.value, witnesses);
  if (fault !== undefined) throw untrusted(wanted.name, file, fault);
  return {
    pins: [{ ...opened.value.statement.head, source: `"${file}"`, isWritten: true }],
    requireSigned: async (fold) => {
      // Whoever could sign it then may have got other roles since: the line in smelt.toml is what vouches for the file.
      const keys = [...fold.environment.keys.durable.values()].map(({ key }) => key);
      const unsigned = await signatureFault(opened.value, keys);
      if (unsigned !== undefined) throw untrusted(wanted.name, file, unsigned);
    },
  };
}

/** The stream names project and environment too: record 1 holds both. */
function streamFault(
  { source, statement }: OpenedCheckpoint,
  { firstRecord, name }: LoggedEnvironment,
): string | undefined {
  if (statement.stream === firstRecord) return undefined;
  return `"${source}" is of the environment "${statement.environment}" of the project "${statement.project}", whose log ` +
    `begins with the record ${statement.stream}, and that of "${name}" with ${firstRecord}`;
}

function untrusted(name: string, file: string, why: string): IntegrityError {
  return new IntegrityError("pin", file, `Cannot trust the log of "${name}": ${why}`);
}
