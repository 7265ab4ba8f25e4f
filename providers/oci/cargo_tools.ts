import { join } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Random } from "../../engine/random.ts";
import { buildEnvironment } from "../../image/build_environment.ts";
import { type CargoSettings, readCargoSettings } from "../../image/cargo_settings.ts";
import type { CargoBuild } from "../image_tools.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { runTool, type ToolRan } from "./run_tool.ts";

/** What a build with cargo works with. */
export interface CargoParts {
  readonly random: Random;
  /** The working folder, absolute. */
  readonly folder: string;
  /** Where folders for builds are made. */
  readonly buildFolder: string;
  /** Where compiled dependencies are kept. */
  readonly seedFolder: string;
  /** The number from which the name of the build's folder is taken: two builds with two of them have two paths. */
  readonly firstSlot: number;
  readonly readVariable: (name: string) => string | undefined;
  /** Told of each credential that a build gets. */
  readonly noteSecret: (text: string) => void;
  readonly epoch: number | undefined;
  /** Ends a build. */
  readonly signal: AbortSignal;
}

/** Runs cargo and the compiler of one build, in its folder and with its environment. */
export interface CargoTools {
  readonly environment: Readonly<Record<string, string>>;
  /** Runs cargo; what it says is shown. */
  cargo(
    args: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): Promise<Result<ToolRan, ImageFault>>;
  /** Runs another program for its answer; what it says is shown nobody. */
  ask(
    program: string,
    args: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): Promise<Result<ToolRan, ImageFault>>;
  /** The compiler that cargo runs. */
  readonly compiler: string;
  readonly cargoHome: string;
}

/** Makes the tools of one build, whose Cargo.toml lies in `source`, absolute. */
export function cargoTools(
  { epoch, folder, readVariable, signal }: CargoParts,
  { env: listed }: Pick<CargoBuild, "env">,
  source: string,
): CargoTools {
  const environment = buildEnvironment(readVariable, { epoch, listed });
  const run = (
    says: "shown" | "nothing",
    program: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>>,
  ) => runTool(program, args, { cwd: source, env: { ...environment, ...variables }, signal, says });
  return {
    environment,
    cargo: (args, variables = {}) => run("shown", "cargo", args, variables),
    ask: (program, args, variables = {}) => run("nothing", program, args, variables),
    compiler: environment["RUSTC"] || "rustc",
    cargoHome: environment["CARGO_HOME"] || join(environment["HOME"] || folder, ".cargo"),
  };
}

/** What cargo's own configuration says, as cargo itself reads it: all its files, wherever they lie. */
export async function cargoSettings({ ask }: CargoTools): Promise<Result<CargoSettings, ImageFault>> {
  // The command is not stable yet; this variable lets every cargo run it, and only reads.
  const args = ["-Z", "unstable-options", "config", "get", "--show-origin"];
  const ran = await ask("cargo", args, { RUSTC_BOOTSTRAP: "1" });
  if (!ran.ok) return ran;
  return ran.value.success ? ok(readCargoSettings(ran.value.stdout)) : err(imageFault(
    "Cannot build: cargo cannot say how it is configured",
    "Run: cargo metadata, and read why it fails; cargo 1.75 or newer is needed",
  ));
}
