import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";
import { setPin } from "./smelt_toml_edit.ts";
import type { RecordPin } from "./smelt_toml_pin.ts";
import { openInitialised } from "./workspace.ts";

/** A pin in `smelt.toml`. */
export interface WrittenPin {
  readonly environment: string;
  readonly pin: RecordPin;
  /** What stood there before. */
  readonly before: RecordPin | undefined;
}

/**
 * Pins the last record of an environment's log in `smelt.toml`: from then on, whoever has that file refuses the log where it
 * does not hold the record. Only what is durable is pinned. A pin never goes back, since the log must hold the one of before.
 */
export async function pinEnvironment(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<WrittenPin, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const { name, pin: before } = chosen;
  const { configFile } = workspace.paths;
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const { seq, hash } = log.value.head;
  const pin = { seq, hash };
  if (before?.seq === seq) return ok({ environment: name, pin, before });
  await ports.syncLog(workspace.paths, name);
  const written = await replaceFile(configFile, setPin(workspace.configText, name, pin));
  return written.ok ? ok({ environment: name, pin, before }) : written;
}
