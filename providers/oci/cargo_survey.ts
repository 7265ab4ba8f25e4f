import { dirname, join, resolve } from "node:path";
import { parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { cargoFolders } from "../../image/cargo_closure.ts";
import { choosePrograms } from "../../image/cargo_metadata.ts";
import { type Digest, digestOf } from "../../image/digest.ts";
import type { SourceFile } from "../../image/source_list.ts";
import type { CargoBuild } from "../image_tools.ts";
import { LOCK_FILE as BASE_LOCK } from "./base_lock.ts";
import { CARGO_TOOLS } from "./cargo_tool_names.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault, permissionFault } from "./image_fault.ts";
import { runTool, type ToolPlace } from "./run_tool.ts";
import { sha256 } from "./sha256.ts";
import { listSources } from "./source_files.ts";

/** What looking at sources needs. */
export interface CargoSurveyParts {
  /** The working folder, absolute. */
  readonly folder: string;
  readonly readVariable: (name: string) => string | undefined;
  readonly signal: AbortSignal;
}

/** What a program in Rust is made of. */
export interface CargoInputs {
  readonly files: readonly SourceFile[];
  readonly lockText: string;
  readonly lock: Digest;
  readonly toolchain: string;
}

/** Which sources count beside the package's own, relative to the working folder. */
export interface CargoSources extends Pick<CargoBuild, "path" | "package" | "bins" | "examples" | "env"> {
  readonly extraInputs: readonly string[];
  readonly exclude: readonly string[];
}

/** What tools that only look need to find each other. */
const PASSED_VARIABLES: readonly string[] = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];
/** A look installs no toolchain. */
const QUIET = { LANG: "C.UTF-8", RUSTUP_AUTO_INSTALL: "0" };
const LOCK_FILE = "Cargo.lock";
/** What smelt has in a project's folder. */
const OWN_FILES: readonly string[] = [".smelt", "smelt.toml", "smelt", BASE_LOCK];

/** Looks at the sources, the lock file and the toolchain of a program, and builds nothing. */
export async function surveyCargo(
  parts: CargoSurveyParts,
  sources: CargoSources,
): Promise<Result<CargoInputs, ImageFault>> {
  const found = await look(parts, sources);
  if (found.ok || found.error.kind !== "permission") return found;
  // One flag for all of them, instead of one more each time.
  return err(permissionFault(`Cannot look at "${sources.path}"`, `--allow-run=${CARGO_TOOLS.join(",")}`));
}

async function look(
  parts: CargoSurveyParts,
  sources: CargoSources,
): Promise<Result<CargoInputs, ImageFault>> {
  const { folder, readVariable, signal } = parts;
  const cwd = resolve(folder, sources.path);
  const env = Object.fromEntries(
    PASSED_VARIABLES.flatMap((name) => {
      const value = readVariable(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  // A build sees these too, and they may choose another toolchain.
  const listed = Object.fromEntries(sources.env.map(({ name, value = "" }) => [name, value]));
  const place: ToolPlace = { cwd, env: { ...env, ...listed, ...QUIET }, signal, says: "nothing" };
  const [folders, toolchain] = await Promise.all([foldersOf(sources, place), toolchainOf(place)]);
  if (!folders.ok) return folders;
  if (!toolchain.ok) return toolchain;
  const { root } = folders.value;
  const lockText = await readLock(root, sources.path);
  if (!lockText.ok) return lockText;
  const absolute = (each: string) => resolve(folder, each);
  const files = await listSources({
    folders: folders.value,
    extra: sources.extraInputs.map(absolute),
    exclude: sources.exclude.map(absolute),
    own: OWN_FILES.map(absolute),
    place,
  });
  if (!files.ok) return files;
  const lock = digestOf(sha256, new TextEncoder().encode(lockText.value));
  return ok({ files: files.value, lockText: lockText.value, lock, toolchain: toolchain.value });
}

async function foldersOf(
  sources: CargoSources,
  place: ToolPlace,
): Promise<Result<NonNullable<ReturnType<typeof cargoFolders>>, ImageFault>> {
  const { path } = sources;
  const manifest = await answering(
    `Cannot find the Cargo.toml of "${path}"`,
    () => Deno.realPath(join(place.cwd, "Cargo.toml")),
  );
  if (!manifest.ok) return manifest;
  const args = [
    "metadata",
    "--format-version",
    "1",
    "--no-deps",
    "--offline",
    "--manifest-path",
    manifest.value,
  ];
  const ran = await runTool("cargo", args, { ...place, says: "shown" });
  if (!ran.ok) return ran;
  if (!ran.value.success) return err(imageFault(`Cannot read "${path}": cargo cannot; it said why above`));
  const metadata = parseJson(ran.value.stdout);
  const program = choosePrograms(metadata, manifest.value, sources);
  if (!program.ok) return err(imageFault(`Cannot build "${path}": ${program.error}`));
  const folders = cargoFolders(metadata, program.value.packageId);
  return folders === undefined
    ? err(imageFault(`Cannot read "${path}": cargo does not say where its packages lie`))
    : ok(folders);
}

/** The compiler in its own words, and cargo's version: another one of either gives another program. */
async function toolchainOf(place: ToolPlace): Promise<Result<string, ImageFault>> {
  const texts: string[] = [];
  const compiler = place.env["RUSTC"] || "rustc";
  for (const [program, args] of [[compiler, ["-vV"]], ["cargo", ["-V"]]] as const) {
    const ran = await runTool(program, args, place);
    if (!ran.ok) return ran;
    if (!ran.value.success) return err(imageFault(`Cannot tell the version of "${program}": it failed`));
    texts.push(...ran.value.stdout.trim().split("\n").filter((line) => !isRepeated(line)));
  }
  return ok(texts.join("; "));
}

/** Lines of `rustc -vV` that its first line says already. */
function isRepeated(line: string): boolean {
  return /^(?:binary|commit-hash|commit-date|release): /.test(line);
}

async function readLock(root: string, shown: string): Promise<Result<string, ImageFault>> {
  const path = join(root, LOCK_FILE);
  const text = await answering(`Cannot read "${path}"`, async () => {
    try {
      return await Deno.readTextFile(path);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
  if (!text.ok) return text;
  return text.value === undefined
    ? err(
      imageFault(
        `Cannot build "${shown}": ${
          dirname(path)
        } has no Cargo.lock, so another day would give another program`,
        "Run: cargo generate-lockfile",
      ),
    )
    : ok(text.value);
}
