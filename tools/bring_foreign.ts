/** Brings the programs of `needs.ts`: by the system's package manager as root, and beside the system otherwise. */
import { join } from "node:path";
import { unpackAside } from "./apt_aside.ts";
import { bringRust } from "./bring_rust.ts";
import { findForeign, FOREIGN_PROGRAMS, foreignFolder, type ForeignProgram, pythonFolder } from "./needs.ts";
import { readOr, runStep, works } from "./run_step.ts";

const PYTHON_PACKAGES = "tools/python_packages.txt";
/** Names what the environment of Python's programs was made from. */
const PYTHON_STAMP = "made-from.txt";
const DEBIAN_SOURCES = "/etc/apt/sources.list.d/debian.sources";
const OLD_DEBIAN_SOURCES = "/etc/apt/sources.list";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Brings whatever lacks, as far as this machine allows it; what failed is told on standard error. */
export function bringForeign(): void {
  const folder = foreignFolder();
  if (folder === undefined) return;
  Deno.mkdirSync(join(folder, "bin"), { recursive: true });
  bringDebian();
  bringPython(folder);
  for (const program of lacking("laterDebian")) bringLaterDebian(folder, program);
  bringRust();
  bringGoModules();
}

function lacking(kind: ForeignProgram["source"]["kind"]): readonly ForeignProgram[] {
  return FOREIGN_PROGRAMS.filter((each) => each.source.kind === kind && findForeign(each) === undefined);
}

function bringDebian(): void {
  const programs = [...lacking("debian"), ...lacking("rustRoot")];
  const python = works("python3", ["-c", "import ensurepip, venv"]) ? [] : ["python3-venv"];
  if (programs.length + python.length === 0 || Deno.uid() !== 0 || !works("apt-get", ["--version"])) return;
  // Before the update apt may know no package at all.
  runStep("apt-get", ["-q", "update"]);
  const wanted = [...new Set([...programs.flatMap(({ source }) => packagesOf(source)), ...python])];
  if (wanted.length === 0) return;
  runStep("apt-get", ["-q", "install", "-y", "--no-install-recommends", ...wanted]);
}

/** Of packages that one needs all of, none where this Debian lacks one: an install with a name that apt does not know does nothing. */
function packagesOf(source: ForeignProgram["source"]): readonly string[] {
  if (source.kind === "debian") return source.packages.filter(isKnown).slice(0, 1);
  return source.kind === "rustRoot" && source.packages.every(isKnown) ? source.packages : [];
}

function isKnown(name: string): boolean {
  return works("apt-cache", ["show", name]);
}

/** One environment for all; made anew when the list of packages has changed. */
function bringPython(folder: string): void {
  const place = pythonFolder(folder);
  const wanted = Deno.readTextFileSync(PYTHON_PACKAGES);
  const stamp = join(place, PYTHON_STAMP);
  if (readOr(stamp, "") === wanted) return;
  if (!runStep("python3", ["-m", "venv", "--clear", place])) return;
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"];
  if (runStep(join(place, "bin/python"), [...pip, "-r", PYTHON_PACKAGES])) {
    Deno.writeTextFileSync(stamp, wanted);
  }
}

/** Takes one program out of a package of a later release. */
function bringLaterDebian(folder: string, { file, source }: ForeignProgram): void {
  const mirror = debianMirror();
  if (source.kind !== "laterDebian" || mirror === undefined) return;
  const optionsIn = (work: string) => {
    const list = join(work, "later.list");
    Deno.writeTextFileSync(list, `deb [signed-by=${KEYRING}] ${mirror} ${source.release} main\n`);
    return [`Dir::Etc::sourcelist=${list}`, "Dir::Etc::sourceparts=-"];
  };
  unpackAside(source.package, optionsIn, (unpacked) => {
    Deno.copyFileSync(join(unpacked, source.file), join(folder, file));
    Deno.chmodSync(join(folder, file), 0o755);
  });
}

/** Where this machine gets Debian's packages from. */
function debianMirror(): string | undefined {
  const modern = /^URIs:\s*(\S+)/m.exec(readOr(DEBIAN_SOURCES, ""))?.[1];
  return modern ?? /^deb\s+(?:\[.*?\]\s+)?(\S+)/m.exec(readOr(OLD_DEBIAN_SOURCES, ""))?.[1];
}

/** What the verifiers in Go below `tests/` import, so that no test waits for it. */
function bringGoModules(): void {
  const folders = [...Deno.readDirSync("tests")].filter(({ isDirectory }) => isDirectory);
  const modules = folders.map(({ name }) => `tests/${name}`).filter((each) =>
    readOr(`${each}/go.mod`, "") !== ""
  );
  for (const folder of modules) runStep("go", ["mod", "download"], { cwd: folder });
}
