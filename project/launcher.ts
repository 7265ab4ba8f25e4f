import { join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import { hostOfKms, kmsPlace } from "../trust/kms_place.ts";
import type { ReadVariable } from "./project_paths.ts";
import type { LaunchCommand, ProjectPorts } from "./project_ports.ts";
import type { KeyPlaces } from "./smelt_toml_keys.ts";
import { RUNTIME_FLAGS } from "./runtime_flags.ts";

/**
 * Writes `smelt` into a project's root: a shell script that starts this program with the permissions that it needs there and
 * no others. Nothing is written where the program needs no launcher, or where something of that name is already.
 */
export async function writeLauncher(
  ports: ProjectPorts,
  root: string,
  keys: readonly KeyPlaces[],
): Promise<Result<"written" | "unchanged", ProjectFailure>> {
  if (ports.launch === undefined) return ok("unchanged");
  const path = join(root, "smelt");
  try {
    await Deno.writeTextFile(path, launcherText(ports.launch, keyHosts(ports.readVariable, keys)), {
      createNew: true,
      mode: 0o755,
    });
    return ok("written");
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return ok("unchanged");
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "Store", message: `Cannot write "${path}": ${reason}` });
  }
}

/** The hosts of key services that these keys lie in. */
function keyHosts(readVariable: ReadVariable, keys: readonly KeyPlaces[]): readonly string[] {
  const hosts = keys.flatMap(({ signing, wrapping, region }) =>
    [signing, wrapping].flatMap((name) => {
      const place = name === undefined ? undefined : kmsPlace(readVariable, name, region);
      return place?.ok ? [hostOfKms(place.value)] : [];
    })
  );
  return [...new Set(hosts)];
}

function launcherText(launch: LaunchCommand, hosts: readonly string[]): string {
  const net = hosts.length === 0 ? [] : [`--allow-net=${hosts.join(",")}`];
  return [
    "#!/bin/sh",
    "# Starts smelt for this project. Written by `smelt init`; it belongs to this machine.",
    "# SMELT_FLAGS holds further flags of the runtime, for example --allow-run=git.",
    "self=$0",
    'while [ -h "$self" ]; do',
    '  link=$(readlink -- "$self") || exit 1',
    '  case $link in /*) self=$link ;; *) self=$(dirname -- "$self")/$link ;; esac',
    "done",
    'root=$(CDPATH="" cd -P -- "$(dirname -- "$self")" && pwd -P) || exit 1',
    'if [ -z "$SMELT_STATE_HOME$XDG_STATE_HOME$HOME" ]; then',
    '  echo "error: HOME or SMELT_STATE_HOME must be set: the pins of the log are kept there" >&2',
    "  exit 1",
    "fi",
    "state=${SMELT_STATE_HOME:-${XDG_STATE_HOME:-$HOME/.local/state}/smelt}",
    'case "$root$state${SMELT_SIM_DIR-}" in *,*)',
    "  # The runtime divides its lists of paths at commas: it would open other folders.",
    '  echo "error: Cannot start: a path holds a comma, which would open other folders; rename it" >&2; exit 1 ;;',
    "esac",
    'paths="$root,$state${SMELT_SIM_DIR:+,$SMELT_SIM_DIR}"',
    'mkdir -p -- "$state" || exit 1',
    `exec ${quote(launch.runtime)} run -q --no-prompt -P ${[...RUNTIME_FLAGS, ...net].join(" ")} \\`,
    `  --config=${quote(launch.config)} \\`,
    `  "-R=$paths" "-W=$paths" $SMELT_FLAGS ${quote(launch.main)} "$@"`,
    "",
  ].join("\n");
}

/** Quotes for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** How smelt is started in a project: by the launcher, where it needs one. */
export function programOf({ launch }: Pick<ProjectPorts, "launch">): "./smelt" | "smelt" {
  return launch === undefined ? "smelt" : "./smelt";
}
