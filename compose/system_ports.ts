import { join } from "node:path";
import { systemClock } from "../actors/system_clock.ts";
import { systemRandom } from "../actors/system_random.ts";
import { auditVerify } from "../audit/verify.ts";
import { ok } from "../engine/result.ts";
import type { LaunchCommand, LoggedEnvironment, ProjectPorts } from "../project/project_ports.ts";
import {
  type ProjectPaths,
  projectPaths,
  type ReadVariable,
  userStateFolder,
} from "../project/project_paths.ts";
import { checkpointDigest } from "../store/checkpoint_digest.ts";
import { createEnvironment } from "./create_environment.ts";
import { openEnvironmentVault } from "./environment_keys.ts";
import { knownPins, openLogFolder, readWholeLog } from "./log_parts.ts";
import { openEnvironment } from "./open_environment.ts";
import type { Outside } from "./outside.ts";
import { projectRegistry } from "./project_registry.ts";
import { requireLog } from "./require_log.ts";
import { setLogAside } from "./set_log_aside.ts";

/** What the ports of a process are made of. */
export interface SystemParts {
  readonly workingFolder: string;
  readonly readVariable: ReadVariable;
  readonly host: string;
  readonly who: string;
  readonly launch: LaunchCommand | undefined;
}

/** The use cases' ports over the real system: files, clock, randomness, keys and providers of this machine. */
export function systemPorts(parts: SystemParts): ProjectPorts {
  const outside: Outside = {
    clock: systemClock,
    random: systemRandom,
    readVariable: parts.readVariable,
    host: parts.host,
  };
  return {
    ...outside,
    ...parts,
    images: () => images(outside, parts),
    registry: (paths) => projectRegistry(outside, paths),
    openEnvironment: (paths, wanted) => openEnvironment(outside, paths, wanted),
    createEnvironment: (paths, wanted) => createEnvironment(outside, paths, wanted),
    readLog: (paths, wanted) => readLog(outside, paths, wanted),
    syncLog: async (paths, environment) => await (await openLogFolder(outside, paths)).log.sync(environment),
    listLogs: async (paths) => await (await openLogFolder(outside, paths)).log.environments(),
    setLogAside: (paths, environment) => setLogAside(outside, paths, environment),
    auditEnvironment: (paths, wanted) => auditEnvironment(outside, paths, wanted),
    hasPermission,
  };
}

async function images(outside: Outside, { workingFolder }: SystemParts): ReturnType<ProjectPorts["images"]> {
  const { imageTools } = await import("../providers/oci/image_tools.ts");
  // Without a home of the user what was fetched is kept beside the work.
  const home = userStateFolder(outside.readVariable) ?? projectPaths(workingFolder).dataFolder;
  return imageTools({ ...outside, workingFolder, cacheFolder: join(home, "cache") });
}

async function readLog(
  outside: Outside,
  paths: ProjectPaths,
  wanted: LoggedEnvironment,
): ReturnType<ProjectPorts["readLog"]> {
  const parts = await openLogFolder(outside, paths);
  const found = await requireLog(parts, paths, wanted);
  if (!found.ok) return found;
  return ok(await readWholeLog(parts, wanted));
}

async function auditEnvironment(
  outside: Outside,
  paths: ProjectPaths,
  wanted: Parameters<ProjectPorts["auditEnvironment"]>[1],
): ReturnType<ProjectPorts["auditEnvironment"]> {
  const parts = await openLogFolder(outside, paths);
  const found = await requireLog(parts, paths, wanted);
  if (!found.ok) return found;
  const { log, checks } = parts;
  const { pins } = await knownPins(parts, wanted);
  const report = await auditVerify({
    environment: wanted.name,
    project: wanted.project,
    log,
    checks,
    pins,
    vault: (stream, facts) =>
      openEnvironmentVault(outside, { paths, environment: wanted.name, stream, facts }),
    held: wanted.held,
    checkpoint: (fold) => checkpointDigest(checks.hash, fold),
  });
  return ok(report);
}

async function hasPermission(need: { readonly kind: string; readonly target: string }): Promise<boolean> {
  const { state } = await Deno.permissions.query(descriptorOf(need));
  return state === "granted";
}

function descriptorOf(
  { kind, target }: { readonly kind: string; readonly target: string },
): Deno.PermissionDescriptor {
  switch (kind) {
    case "run":
      return { name: "run", command: target };
    case "net":
      return { name: "net", host: target };
    case "env":
      return { name: "env", variable: target };
    case "write":
      return { name: "write", path: target };
    default:
      return { name: "read", path: target };
  }
}
