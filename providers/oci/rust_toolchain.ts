import { join } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import type { CargoSettings } from "../../image/cargo_settings.ts";
import type { Link } from "../../image/cargo_target.ts";
import type { CargoBuild } from "../image_tools.ts";
import type { CargoTools } from "./cargo_tools.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** The compiler of a build. */
export interface Toolchain {
  /** Its root. */
  readonly sysroot: string;
  /** What it says of itself, with version and commit. */
  readonly version: string;
}

/** How a program for one target is built: by which subcommand of cargo, and with which variables. */
export interface TargetTools {
  readonly subcommand: "build" | "zigbuild";
  readonly variables: Readonly<Record<string, string>>;
}

/** Asks the compiler who it is. */
export async function findToolchain({ ask, compiler }: CargoTools): Promise<Result<Toolchain, ImageFault>> {
  const root = await ask(compiler, ["--print", "sysroot"]);
  if (!root.ok) return root;
  const version = await ask(compiler, ["-vV"]);
  if (!version.ok) return version;
  if (!root.value.success || !version.value.success) {
    return err(imageFault(`Cannot build: "${compiler}" cannot say what it is`, "Run: rustc -vV"));
  }
  return ok({ sysroot: root.value.stdout.trim(), version: version.value.stdout });
}

/** What is asked of the tools for one target. */
export interface TargetRequest {
  readonly target: string;
  readonly link: Link;
  readonly linker: CargoBuild["linker"];
  readonly missingTargets: CargoBuild["missingTargets"];
  readonly settings: CargoSettings;
  readonly toolchain: Toolchain;
  /** A folder for what is tried. */
  readonly folder: string;
}

/**
 * Finds how programs for a target are built. Its standard library must be there: told by compiling an empty library, since
 * nothing is taken instead. For another processor the linker must be there too: told by linking an empty program.
 */
export async function findTargetTools(
  tools: CargoTools,
  request: TargetRequest,
): Promise<Result<TargetTools, ImageFault>> {
  const { link, linker, target } = request;
  const has = await hasLibrary(tools, request);
  if (!has.ok) return has;
  if (!has.value) {
    const installed = await installTarget(tools, request);
    if (!installed.ok) return installed;
  }
  if (linker === "cc") return ok(PLAIN);
  if (linker === "auto") {
    const found = await findLinker(tools, request);
    if (!found.ok) return found;
    if (found.value !== undefined) return ok(found.value);
  }
  if (link !== "gnu-static") {
    const zig = await tools.ask("cargo", ["zigbuild", "--help"]);
    if (!zig.ok) return zig;
    if (zig.value.success) return ok({ subcommand: "zigbuild", variables: {} });
  }
  return err(noLinker(target, { link, linker }));
}

const PLAIN: TargetTools = { subcommand: "build", variables: {} };

async function hasLibrary(
  { ask, compiler }: CargoTools,
  { folder, target }: TargetRequest,
): Promise<Result<boolean, ImageFault>> {
  const args = ["--target", target, "--crate-type", "rlib", "--crate-name", "probe", "--emit", "metadata"];
  const compiled = await ask(compiler, [...args, "--out-dir", folder, "/dev/null"]);
  return compiled.ok ? ok(compiled.value.success) : compiled;
}

async function installTarget(tools: CargoTools, request: TargetRequest): Promise<Result<void, ImageFault>> {
  const { missingTargets, target } = request;
  const action = `IMG010: Cannot build for ${target}`;
  if (missingTargets === "refused") {
    const ways = [
      `rustup target add ${target}`,
      "install it from your distribution",
      ...(request.link === "musl" ? ["say --link gnu-static"] : []),
    ];
    return err(imageFault(
      `${action}: its standard library is not installed`,
      `Run: ${ways.join("; or ")}; or say --install-targets`,
    ));
  }
  const added = await tools.ask("rustup", ["target", "add", target]);
  if (!added.ok) return added;
  const has = await hasLibrary(tools, request);
  if (!has.ok) return has;
  return has.value ? ok(undefined) : err(imageFault(
    `${action}: rustup could not install its standard library`,
    `Run: rustup target add ${target}, and read why it fails`,
  ));
}

/** `undefined`: there is none. */
async function findLinker(
  { ask, compiler, environment }: CargoTools,
  { folder, link, settings, target, toolchain }: TargetRequest,
): Promise<Result<TargetTools | undefined, ImageFault>> {
  const variable = `CARGO_TARGET_${target.toUpperCase().replaceAll("-", "_")}_LINKER`;
  const isSaid = environment[variable] !== undefined || settings.linkers.has(target);
  if (isSaid || processorOf(target) === processorHere(toolchain)) return ok(PLAIN);
  const program = join(folder, "probe.rs");
  await Deno.writeTextFile(program, "fn main() {}\n");
  const args = ["--target", target, "--crate-name", "probe", "-o", join(folder, "probe"), program];
  const flags = link === "dynamic" ? [] : ["-C", "target-feature=+crt-static"];
  for (const linker of linkersOf(target)) {
    const chosen = linker === undefined ? [] : ["-C", `linker=${linker}`];
    const linked = await ask(compiler, [...flags, ...chosen, ...args]);
    if (!linked.ok) return linked;
    if (!linked.value.success) continue;
    return ok(linker === undefined ? PLAIN : { subcommand: "build", variables: { [variable]: linker } });
  }
  return ok(undefined);
}

/** The compiler's own first, then those by the names that distributions give them. */
function linkersOf(target: string): readonly (string | undefined)[] {
  const [, , , abi = ""] = target.split("-");
  const cpu = processorOf(target).replace(/^riscv64gc$/, "riscv64");
  const gnu = `${cpu}-linux-${abi.replace("musl", "gnu")}-gcc`;
  return abi.startsWith("musl") ? [undefined, `${cpu}-linux-${abi}-gcc`, gnu, "rust-lld"] : [undefined, gnu];
}

function processorOf(target: string): string {
  return target.slice(0, target.indexOf("-"));
}

function processorHere({ version }: Toolchain): string {
  return processorOf(/^host: (.*)$/m.exec(version)?.[1] ?? "-");
}

function noLinker(target: string, { link, linker }: Pick<TargetRequest, "link" | "linker">): ImageFault {
  if (link === "gnu-static" && linker === "zig") {
    return imageFault(
      `Cannot build for ${target}: zig cannot link glibc into a program`,
      "Say --link musl, or leave --linker zig out",
    );
  }
  const gcc = linkersOf(target).at(-1) ?? "";
  const name = gcc.endsWith("-gcc") ? gcc : (linkersOf(target).at(-2) ?? "");
  const zig = link === "gnu-static" ? "" : ", or zig and cargo-zigbuild";
  return linker === "zig"
    ? imageFault(
      `IMG016: Cannot build for ${target} with zig: cargo has no command zigbuild`,
      "Install zig and cargo-zigbuild, or leave --linker zig out",
    )
    : imageFault(
      `IMG016: Cannot build for ${target}: no linker for it was found`,
      `Install ${name}${zig}; or name one with --build-env CARGO_TARGET_…_LINKER=PROGRAM, and say --linker cc`,
    );
}
