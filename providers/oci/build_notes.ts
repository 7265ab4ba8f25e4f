import { join } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { type CargoOutcome, outsidePackages } from "../../image/cargo_messages.ts";
import type { CargoPrograms } from "../../image/cargo_metadata.ts";
import { readScriptInputs } from "../../image/script_inputs.ts";
import type { CargoBuild } from "../image_tools.ts";
import type { CargoParts, CargoTools } from "./cargo_tools.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** What a build was made with. */
interface BuildWork {
  readonly build: CargoBuild;
  readonly programs: CargoPrograms;
  readonly tools: CargoTools;
  readonly folder: { readonly path: string };
}

/**
 * What makes one source another program elsewhere, as far as a build shows it: packages outside of the workspace (IMG022),
 * which are refused where the build is to be strict, and files and variables that build scripts look at (IMG021).
 */
export async function buildNotes(
  parts: CargoParts,
  work: BuildWork,
  outcome: CargoOutcome,
): Promise<Result<readonly string[], ImageFault>> {
  const { build, programs } = work;
  const outside = outsidePackages(outcome, programs).map(({ folder, name }) =>
    `IMG022: "${name}" lies outside of the workspace, in ${folder}: its path changes the program`
  );
  const [first] = outside;
  if (first !== undefined && build.outsidePaths === "refused") {
    return err({
      ...imageFault(
        `IMG022: Cannot build "${build.path}" the same elsewhere: a package lies outside of the workspace`,
        "Move it below the workspace, or leave --reproducible strict out",
      ),
      details: outside.map((each) => each.replace(/^IMG022: /, "")),
    });
  }
  const scripts = await scriptNotes(parts, work, outcome);
  if (!scripts.ok) return scripts;
  const glibc = build.link === "gnu-static" ? [GLIBC_NOTE] : [];
  return ok([...glibc, ...outside, ...scripts.value]);
}

const GLIBC_NOTE =
  "IMG013: glibc is in the program, under the LGPL; names are looked up by files and DNS alone, other ways need its libraries";

async function scriptNotes(
  { readVariable }: CargoParts,
  { folder, programs, tools }: BuildWork,
  { packages, scriptFolders }: CargoOutcome,
): Promise<Result<readonly string[], ImageFault>> {
  const notes: string[] = [];
  const known = [
    programs.workspaceRoot,
    tools.cargoHome,
    folder.path,
    ...packages.map((each) => each.folder),
  ];
  for (const { outFolder, packageId } of scriptFolders) {
    const printed = await answering("Cannot read what a build script printed", () => readPrinted(outFolder));
    if (!printed.ok) return printed;
    const owner = packages.find(({ id }) => id === packageId);
    const { paths, variables } = readScriptInputs(printed.value);
    const absolute = paths.map((path) => path.startsWith("/") ? path : join(owner?.folder ?? "/", path));
    const outside = absolute.filter((path) =>
      !known.some((each) => path === each || path.startsWith(`${each}/`))
    );
    const unseen = variables.filter((name) =>
      tools.environment[name] === undefined && readVariable(name) !== undefined
    );
    const who = `IMG021: the build script of "${owner?.name ?? packageId}"`;
    notes.push(
      ...outside.map((path) => `${who} reads ${path}, which no other machine need have`),
      ...unseen.map((name) =>
        `${who} asks for ${name}, which a build does not see; --build-env ${name} gives it`
      ),
    );
  }
  return ok(notes);
}

async function readPrinted(outFolder: string): Promise<string> {
  try {
    return await Deno.readTextFile(join(outFolder, "..", "output"));
  } catch (error) {
    if (isAbsent(error)) return "";
    throw error;
  }
}
