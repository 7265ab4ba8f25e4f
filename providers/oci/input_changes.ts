import type { ValueRecord } from "../../engine/value.ts";
import { lockChangeText, readCargoLock } from "../../image/lock_changes.ts";
import { changedFilesText, changedPaths } from "../../image/source_list.ts";
import type { ImageInputs, InputDetails } from "./image_inputs.ts";

/**
 * How the inputs of an image differ from those that it was built from, for people. Which files it were is known where it was
 * built, or planned and applied; elsewhere only that it was the sources.
 */
export function inputChanges(
  before: { readonly found: ValueRecord; readonly details: InputDetails | undefined },
  now: ImageInputs,
): readonly string[] {
  return Object.entries(TELLERS).flatMap(([name, tell]) => {
    const [old, next] = [before.found[name] ?? null, now.found[name] ?? null];
    return old === next ? [] : [tell(before.details, now.details, [textOf(old), textOf(next)])];
  });
}

/** The inputs that differ, by name. */
export function changedInputs(before: ValueRecord, now: ValueRecord): readonly string[] {
  return Object.keys(TELLERS).filter((name) => (before[name] ?? null) !== (now[name] ?? null))
    .map((name) => NAMES[name] ?? name);
}

const NAMES: Readonly<Record<string, string>> = {
  source: "the sources",
  lock: "Cargo.lock",
  toolchain: "the toolchain",
  base: "the base",
  files: "the files beside the program",
  form: "the way in which smelt lays images out",
};

type Teller = (
  before: InputDetails | undefined,
  now: InputDetails,
  texts: readonly [old: string, now: string],
) => string;

/** By input, in the order in which they are told. */
const TELLERS: Readonly<Record<string, Teller>> = {
  source: (before, now) => {
    const paths = before === undefined ? [] : changedPaths(before.files, now.files);
    return paths.length === 0
      ? "source: it is not what the image was built from"
      : `source: ${changedFilesText(paths)}`;
  },
  lock: (before, now) => `Cargo.lock: ${lockText(before?.lockText, now.lockText) ?? "it changed"}`,
  toolchain: (_before, _now, [old, next]) => `toolchain: ${differing(old, next)} -> ${differing(next, old)}`,
  base: (_before, _now, [old, next]) => `base: ${old} -> ${next}`,
  files: () => "files: what lies beside the program changed",
  form: () => "smelt lays images out in another way",
};

function lockText(before: string | undefined, now: string | undefined): string | undefined {
  const [old, next] = [before, now].map((text) => text === undefined ? undefined : readCargoLock(text));
  return old === undefined || next === undefined ? undefined : lockChangeText(old, next);
}

function textOf(value: ValueRecord[string]): string {
  return typeof value === "string" ? value : "none";
}

/** The parts of a text that another one lacks. */
function differing(text: string, other: string): string {
  const others = new Set(other.split("; "));
  const own = text.split("; ").filter((part) => !others.has(part));
  return own.length === 0 ? "none" : own.join("; ");
}
