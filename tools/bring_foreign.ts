/** Brings the programs of `needs.ts`: by the system's package manager as root, and beside the system otherwise. */
import { join } from "node:path";
import { findForeign, FOREIGN_PROGRAMS, foreignFolder, type ForeignProgram, pythonFolder } from "./needs.ts";
import { complain } from "./say.ts";

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
  bringGoModules();
}

function lacking(kind: ForeignProgram["source"]["kind"]): readonly ForeignProgram[] {
  return FOREIGN_PROGRAMS.filter((each) => each.source.kind === kind && findForeign(each) === undefined);
}

function bringDebian(): void {
  const packages = lacking("debian").flatMap(({ source }) => "package" in source ? [source.package] : []);
  const python = works("python3", ["-c", "import ensurepip, venv"]) ? [] : ["python3-venv"];
  const wanted = [...packages, ...python];
  if (wanted.length === 0 || Deno.uid() !== 0 || !works("apt-get", ["--version"])) return;
  run("apt-get", ["-q", "update"]);
  run("apt-get", ["-q", "install", "-y", "--no-install-recommends", ...wanted]);
}

/** One environment for all; made anew when the list of packages has changed. */
function bringPython(folder: string): void {
  const place = pythonFolder(folder);
  const wanted = Deno.readTextFileSync(PYTHON_PACKAGES);
  const stamp = join(place, PYTHON_STAMP);
  if (readOr(stamp, "") === wanted) return;
  if (!run("python3", ["-m", "venv", "--clear", place])) return;
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"];
  if (run(join(place, "bin/python"), [...pip, "-r", PYTHON_PACKAGES])) Deno.writeTextFileSync(stamp, wanted);
}

/** Takes one program out of a package of a later release, with lists and caches of its own: the system stays as it is. */
function bringLaterDebian(folder: string, { file, source }: ForeignProgram): void {
  if (source.kind !== "laterDebian") return;
  const mirror = debianMirror();
  if (mirror === undefined || !works("apt-get", ["--version"])) return;
  const work = Deno.makeTempDirSync({ prefix: "smelt-setup-" });
  try {
    for (const each of ["lists/partial", "cache/archives/partial"]) {
      Deno.mkdirSync(join(work, each), { recursive: true });
    }
    const list = join(work, "later.list");
    Deno.writeTextFileSync(list, `deb [signed-by=${KEYRING}] ${mirror} ${source.release} main\n`);
    const options = [
      `Dir::Etc::sourcelist=${list}`,
      "Dir::Etc::sourceparts=-",
      `Dir::State::lists=${join(work, "lists")}`,
      `Dir::Cache=${join(work, "cache")}`,
      "APT::Sandbox::User=",
    ].flatMap((each) => ["-o", each]);
    const isHere = run("apt-get", ["-q", ...options, "update"]) &&
      run("apt-get", ["-q", ...options, "download", source.package], work);
    const packed = [...Deno.readDirSync(work)].find(({ name }) => name.endsWith(".deb"));
    if (!isHere || packed === undefined) return;
    if (!run("dpkg-deb", ["-x", join(work, packed.name), join(work, "unpacked")])) return;
    Deno.copyFileSync(join(work, "unpacked", source.file), join(folder, file));
    Deno.chmodSync(join(folder, file), 0o755);
  } finally {
    Deno.removeSync(work, { recursive: true });
  }
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
  for (const folder of modules) run("go", ["mod", "download"], folder);
}

function readOr(path: string, absent: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return absent;
    throw error;
  }
}

function works(program: string, args: readonly string[]): boolean {
  return output(program, args)?.success === true;
}

/** Runs a step; what a failed one printed is told. */
function run(program: string, args: readonly string[], cwd?: string): boolean {
  const ran = output(program, args, cwd);
  if (ran?.success === true) return true;
  const text = ran === undefined
    ? "there is no such program"
    : new TextDecoder().decode(ran.stderr).trimEnd();
  complain(`${program} ${args.join(" ")}: ${text}`);
  return false;
}

function output(program: string, args: readonly string[], cwd = "."): Deno.CommandOutput | undefined {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  try {
    return new Deno.Command(program, { args: [...args], cwd, env, stdin: "null" }).outputSync();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
