import { Unzlib } from "fflate";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { PackageOrigin } from "./cargo_lock.ts";
import { type Crate, type CrateList, keepReached } from "./crate_list.ts";
import { readElfSection } from "./elf_section.ts";
import { joinBytes } from "./join_bytes.ts";
import { parseVersion } from "./version.ts";

/** The section in which `cargo auditable` leaves a program's list of crates: JSON, compressed with zlib. */
const SECTION = ".dep-v0";
/** Larger than the list of any program. */
const LIST_LIMIT_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 16 * 1024;

const ORIGINS: ReadonlyMap<string, PackageOrigin> = new Map([
  ["crates.io", "crates.io"],
  ["git", "git"],
  ["local", "path"],
]);

/**
 * The crates that a program says it is made of; `undefined` where it says nothing. The program is believed: whoever made it
 * could leave one out. The error ends a sentence.
 */
export function cratesOfProgram(bytes: Uint8Array): Result<CrateList | undefined, string> {
  const section = readElfSection(bytes, SECTION);
  if (!section.ok) return section;
  if (section.value === undefined) return ok(undefined);
  const json = unpacked(section.value);
  if (!json.ok) return json;
  const listed = isJsonObject(json.value ?? null) ? (json.value as JsonObject)["packages"] : undefined;
  if (!Array.isArray(listed) || !listed.every(isJsonObject)) {
    return err(`its section "${SECTION}" holds no list of packages`);
  }
  const crates: Crate[] = [];
  for (const each of listed) {
    const crate = readCrate(each, listed.length);
    if (crate === undefined) return err(`its section "${SECTION}" holds a package that is none`);
    crates.push(crate);
  }
  const roots = listed.flatMap(({ root }, index) => root === true ? [index] : []);
  return roots.length === 1
    ? ok(keepReached({ crates, roots, teller: "program" }))
    : err(`its section "${SECTION}" names ${roots.length} packages as the program's own`);
}

function readCrate(json: JsonObject, count: number): Crate | undefined {
  const { dependencies = [], kind = "runtime", name, source, version } = json;
  if (typeof name !== "string" || typeof version !== "string" || typeof source !== "string") return undefined;
  if (parseVersion(version) === undefined || !Array.isArray(dependencies)) return undefined;
  const relies = dependencies.filter((each) => typeof each === "number");
  const areIndexes = relies.every((each) => Number.isInteger(each) && each >= 0 && each < count);
  if (!areIndexes || relies.length !== dependencies.length) return undefined;
  return {
    name,
    version,
    origin: ORIGINS.get(source) ?? "registry",
    source: undefined,
    sha256: undefined,
    licence: { kind: "unasked" },
    scope: kind === "build" ? "excluded" : "required",
    relies,
  };
}

function unpacked(bytes: Uint8Array): Result<Json | undefined, string> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  const stream = new Unzlib((piece) => {
    sizeBytes += piece.length;
    pieces.push(new Uint8Array(piece));
  });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      stream.push(bytes.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= bytes.length);
      if (sizeBytes > LIST_LIMIT_BYTES) return err(`its section "${SECTION}" holds more than any list`);
    }
    return ok(JSON.parse(new TextDecoder().decode(joinBytes(pieces))) as Json);
  } catch (error) {
    // What the decompressor throws has no class of its own, but a code.
    if (!(error instanceof SyntaxError) && !(error instanceof Error && "code" in error)) throw error;
    return err(`its section "${SECTION}" is damaged`);
  }
}
