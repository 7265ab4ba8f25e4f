import { dirname, join, resolve } from "node:path";
import { isJsonObject, type Json } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type CargoProgram, chooseProgram } from "../../image/cargo_metadata.ts";
import { parsedJson } from "../../image/json_fields.ts";
import { parseRustRelease, type RustRelease } from "../../image/rust_release.ts";
import type { CargoBuild } from "../image_tools.ts";
import { type CargoLock, isFile, requireCargoLock } from "./cargo_lock_file.ts";
import { cargo, type CargoParts, environment } from "./cargo_tool.ts";
import { answering } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { runTool } from "./run_tool.ts";

/** What is to be built, before anything of it is. */
export interface CargoSource {
  /** The folder of its manifest, absolute. */
  readonly folder: string;
  readonly program: CargoProgram;
  readonly lock: CargoLock;
  readonly rust: RustRelease;
}

const CONFIG_FILES: readonly string[] = [".cargo/config.toml", ".cargo/config"];

/** Looks at a folder: which program it is, of which packages, and by which compiler. Nothing is compiled or fetched. */
export async function findCargoSource(
  parts: CargoParts,
  build: CargoBuild,
): Promise<Result<CargoSource, ImageFault>> {
  const folder = resolve(parts.folder, build.path);
  const metadata = await readMetadata(parts, build.path, folder);
  if (!metadata.ok) return metadata;
  const real = await answering(
    `Cannot read "${build.path}"`,
    () => Deno.realPath(join(folder, "Cargo.toml")),
  );
  if (!real.ok) return real;
  const chosen = chooseProgram(metadata.value, real.value, build);
  if (!chosen.ok) return err(imageFault(`Cannot build "${build.path}": ${chosen.error}`));
  const flags = await configFault(folder);
  if (flags !== undefined) return err(flags);
  const lock = await requireCargoLock(workspaceOf(metadata.value) ?? folder, build.path);
  if (!lock.ok) return lock;
  const rust = await readRelease(parts, folder);
  return rust.ok ? ok({ folder, program: chosen.value, lock: lock.value, rust: rust.value }) : rust;
}

async function readMetadata(
  parts: CargoParts,
  shown: string,
  folder: string,
): Promise<Result<Json | undefined, ImageFault>> {
  const args = ["metadata", "--format-version", "1", "--no-deps", "--manifest-path"];
  const metadata = await cargo(parts, [...args, join(folder, "Cargo.toml")], { cwd: folder });
  if (!metadata.ok) return metadata;
  return metadata.value.success
    ? ok(parsedJson(metadata.value.stdout))
    : err(imageFault(`Cannot build "${shown}": cargo cannot read it; it said why above`));
}

/** Where the lock file lies that cargo goes by. */
function workspaceOf(metadata: Json | undefined): string | undefined {
  const root = isJsonObject(metadata) ? metadata["workspace_root"] : undefined;
  return typeof root === "string" ? root : undefined;
}

async function readRelease(parts: CargoParts, cwd: string): Promise<Result<RustRelease, ImageFault>> {
  const place = { cwd, env: environment(parts), signal: parts.signal, says: "shown" } as const;
  const ran = await runTool("rustc", ["-vV"], place);
  if (!ran.ok) return ran;
  const release = ran.value.success ? parseRustRelease(ran.value.stdout) : undefined;
  return release === undefined
    ? err(imageFault("Cannot build: rustc does not say which version it is"))
    : ok(release);
}

/** Our flags take the place of those in cargo's own configuration, which nobody would notice. */
async function configFault(source: string): Promise<ImageFault | undefined> {
  for (let folder = source;; folder = dirname(folder)) {
    for (const name of CONFIG_FILES) {
      const path = join(folder, name);
      if (!(await isFile(path))) continue;
      const text = await answering(`Cannot read "${path}"`, () => Deno.readTextFile(path));
      if (!text.ok) return text.error;
      if (/^\s*(?:[\w.'"-]+\.)?rustflags\s*=/m.test(text.value)) {
        return imageFault(
          `IMG012: Cannot build: "${path}" sets rustflags, which a build of an image replaces`,
          "Give them with --rustflag, and build with a CARGO_HOME and a folder without them",
        );
      }
    }
    if (folder === dirname(folder)) return undefined;
  }
}
