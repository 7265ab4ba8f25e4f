import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import type { Digest } from "./digest.ts";
import type { Platform } from "./platform.ts";

/** What a user says of how the image runs. `undefined` leaves it to the base. */
export interface RunSettings {
  /** The program and its first arguments. */
  readonly entrypoint: readonly string[];
  /** Further arguments, which who runs the image may replace. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** `uid`, `uid:gid`, or names of the image. */
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  /** For example `8080/tcp`. */
  readonly ports: readonly string[];
  readonly stopSignal: string | undefined;
}

/** A layer that is put onto the base, for its config. */
export interface AddedLayer {
  readonly diffId: Digest;
  /** What the layer holds, in a few words without a version of any tool. */
  readonly createdBy: string;
}

/** What goes into a config beside the base's. */
export interface ConfigParts {
  readonly platform: Platform;
  readonly settings: RunSettings;
  readonly layers: readonly AddedLayer[];
  /** RFC 3339. */
  readonly created: string;
}

/** The user that an image runs as when nobody says otherwise: one without rights. */
export const NONROOT = "65532:65532";

const ROOT_NAMES: ReadonlySet<string> = new Set(["", "0", "root", "0:0", "root:root"]);
const PATH_VARIABLE = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The config of an image on a base (OCI image-spec, config.md): the base's, with what it holds beyond our knowledge, and ours
 * over it. An image runs as root only where that was asked for in so many words.
 */
export function imageConfig(
  base: JsonObject,
  { platform, settings, layers, created }: ConfigParts,
): JsonObject {
  const { os, architecture, variant } = platform;
  const { variant: _variant, ...rest } = base;
  const rootfs = objectIn(base, "rootfs");
  const before = textsIn(rootfs, "diff_ids");
  const added = layers.map(({ createdBy }) => ({ created, created_by: createdBy }));
  return {
    ...rest,
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    created,
    config: runConfig(objectIn(base, "config"), settings),
    rootfs: { type: "layers", diff_ids: [...before, ...layers.map(({ diffId }) => diffId)] },
    history: [...historyOf(base, before.length), ...added],
  };
}

function runConfig(base: JsonObject, settings: RunSettings): JsonObject {
  const { Cmd: _cmd, ...rest } = base;
  const { args, entrypoint, labels, ports, stopSignal, workdir } = settings;
  const allLabels = { ...objectIn(base, "Labels"), ...labels };
  const allPorts = {
    ...objectIn(base, "ExposedPorts"),
    ...Object.fromEntries(ports.map((each) => [each, {}])),
  };
  return {
    ...rest,
    Entrypoint: [...entrypoint],
    ...(args.length === 0 ? {} : { Cmd: [...args] }),
    Env: mergedEnv(textsIn(base, "Env"), settings.env),
    User: userOf(base["User"], settings.user),
    ...(Object.keys(allLabels).length === 0 ? {} : { Labels: allLabels }),
    ...(Object.keys(allPorts).length === 0 ? {} : { ExposedPorts: allPorts }),
    ...(workdir === undefined ? {} : { WorkingDir: workdir }),
    ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
  };
}

/** What the user asked for, else what the base runs as unless that is root, else a user without rights. */
function userOf(base: Json | undefined, wanted: string | undefined): string {
  if (wanted !== undefined && wanted !== "") return wanted;
  return typeof base === "string" && !ROOT_NAMES.has(base) ? base : NONROOT;
}

/** The base's variables in their order, ours in theirs; a name stands once. */
function mergedEnv(base: readonly string[], ours: Readonly<Record<string, string>>): readonly string[] {
  const kept = base.filter((each) => !Object.hasOwn(ours, nameOf(each)));
  const added = Object.entries(ours).map(([name, value]) => `${name}=${value}`);
  const merged = [...kept, ...added];
  return merged.some((each) => nameOf(each) === "PATH") ? merged : [PATH_VARIABLE, ...merged];
}

function nameOf(variable: string): string {
  return variable.split("=", 1)[0] ?? "";
}

/** One entry a layer: a base that tells nothing of its layers gets entries that say just that. */
function historyOf(base: JsonObject, layerCount: number): readonly Json[] {
  const history = base["history"];
  if (isList(history) && history.length > 0) return history;
  return Array.from({ length: layerCount }, () => ({ created_by: "a layer of the base" }));
}

function objectIn(json: JsonObject, key: string): JsonObject {
  const value = json[key] ?? null;
  return isJsonObject(value) ? value : {};
}

function textsIn(json: JsonObject, key: string): readonly string[] {
  const value = json[key];
  return isList(value) ? value.filter((each) => typeof each === "string") : [];
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
