import { systemClock } from "../actors/system_clock.ts";
import { systemRandom } from "../actors/system_random.ts";
import { auditVerify } from "../audit/verify.ts";
import { err, ok } from "../engine/result.ts";
import { SecretRegister } from "../engine/secret_register.ts";
import type { LaunchCommand, LoggedEnvironment, ProjectPorts } from "../project/project_ports.ts";
import { type ProjectPaths, projectPaths, type ReadVariable } from "../project/project_paths.ts";
import { VERSION } from "../project/version.ts";
import { isOwnFile } from "../providers/own_files.ts";
import { checkpointDigest } from "../store/checkpoint_digest.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { openAttestor } from "./attestor.ts";
import { createEnvironment } from "./create_environment.ts";
import { credentialIn } from "./credential_variables.ts";
import { openEnvironmentVault } from "./environment_keys.ts";
import { feedProgram } from "./feed_program.ts";
import { openImageKey, openImageSigner } from "./open_image_key.ts";
import { openKeyFolder } from "./key_folder.ts";
import { knownPins, openLogFolder, readWholeLog } from "./log_parts.ts";
import { openEnvironment } from "./open_environment.ts";
import type { Outside } from "./outside.ts";
import { imageCacheFolder, projectRegistry } from "./project_registry.ts";
import { requireLog } from "./require_log.ts";
import { setLogAside } from "./set_log_aside.ts";
import { StoredSecrets } from "./stored_secrets.ts";

/** What the ports of a process are made of. */
export interface SystemParts {
  readonly workingFolder: string;
  readonly readVariable: ReadVariable;
  readonly host: string;
  readonly who: string;
  readonly launch: LaunchCommand | undefined;
  /** The secrets that this process has met, for whoever prints; one of its own when left out. */
  readonly secrets?: SecretRegister;
}

/** The use cases' ports over the real system: files, clock, randomness, keys and providers of this machine. */
export function systemPorts(parts: SystemParts): ProjectPorts {
  const { secrets = new SecretRegister() } = parts;
  const outside: Outside = {
    clock: systemClock,
    random: systemRandom,
    readVariable: notingCredentials(parts.readVariable, secrets),
    secrets,
    stored: new StoredSecrets(),
    host: parts.host,
  };
  return {
    ...parts,
    ...outside,
    images: () => images(outside, parts),
    registry: (paths) => projectRegistry(outside, paths),
    keyFolder: (paths) => openKeyFolder(outside, paths),
    openEnvironment: (paths, wanted) => openEnvironment(outside, paths, wanted),
    createEnvironment: (paths, wanted) => createEnvironment(outside, paths, wanted),
    readLog: (paths, wanted) => readLog(outside, paths, wanted),
    syncLog: async (paths, environment) => await (await openLogFolder(outside, paths)).log.sync(environment),
    listLogs: async (paths) => await (await openLogFolder(outside, paths)).log.environments(),
    setLogAside: (paths, environment) => setLogAside(outside, paths, environment),
    auditEnvironment: (paths, wanted) => auditEnvironment(outside, paths, wanted),
    attestor: async (paths, keys) =>
      await openAttestor(outside, { hash: (await loadRecordChecks()).hash, paths }, keys),
    imageSigner: async (paths, keys, name) =>
      await openImageSigner(outside, { hash: (await loadRecordChecks()).hash, paths, keys }, name),
    imageKey: async (paths, keys, source) =>
      await openImageKey(outside, { checks: await loadRecordChecks(), paths, keys }, source),
    attestationChecks: loadRecordChecks,
    feedProgram,
    isOwnFile,
    hasPermission,
  };
}

/** Knows a credential that is read from a variable as the secret that it is. */
function notingCredentials(readVariable: ReadVariable, secrets: SecretRegister): ReadVariable {
  return (name) => {
    const value = readVariable(name);
    const credential = value === undefined ? undefined : credentialIn(name, value);
    if (credential !== undefined) secrets.noteText(credential);
    return value;
  };
}

async function images(outside: Outside, { workingFolder }: SystemParts): ReturnType<ProjectPorts["images"]> {
  const { imageTools } = await import("../providers/oci/image_tools.ts");
  const cacheFolder = imageCacheFolder(outside.readVariable, projectPaths(workingFolder));
  const noteSecret = (text: string): void => outside.secrets.noteText(text);
  return imageTools({ ...outside, noteSecret, workingFolder, toolVersion: VERSION, cacheFolder });
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
    vault: async (stream, facts) => {
      const { activeDataKey } = facts;
      const place = { paths, environment: wanted.name, stream, facts, activeDataKey: () => activeDataKey };
      const opened = await openEnvironmentVault(outside, place);
      if (opened.ok) return opened;
      const { kind, message } = opened.error;
      return err({ message, kind: kind === "KeyDamage" ? "damaged" : "absent" });
    },
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
