import { join } from "node:path";
import type { Random } from "../../engine/random.ts";
import type { Result } from "../../engine/result.ts";
import type { ImageFault } from "./image_fault.ts";
import { runTool, type ToolRan } from "./run_tool.ts";

/** What a build with cargo works with. */
export interface CargoParts {
  readonly random: Random;
  /** The working folder, absolute. */
  readonly folder: string;
  /** Where folders for builds are made. */
  readonly buildFolder: string;
  readonly readVariable: (name: string) => string | undefined;
  readonly epoch: number | undefined;
  /** Ends a build. */
  readonly signal: AbortSignal;
}

/** Variables of the environment that a build sees; nothing else of this machine's gets in. */
const PASSED_VARIABLES: readonly string[] = [
  "PATH",
  "HOME",
  "CARGO_HOME",
  "RUSTUP_HOME",
  "RUSTUP_TOOLCHAIN",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/** Where and how cargo runs. */
export interface CargoRun {
  readonly cwd: string;
  /** Beside those of the built environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether what it says is for people; it is, where nothing is said. */
  readonly says?: "shown" | "nothing";
}

/** Runs cargo to its end, in a built environment: nothing else of this machine gets in. */
export function cargo(
  parts: CargoParts,
  args: readonly string[],
  { cwd, says = "shown", variables = {} }: CargoRun,
): Promise<Result<ToolRan, ImageFault>> {
  return runTool("cargo", args, {
    cwd,
    env: { ...environment(parts), ...variables },
    signal: parts.signal,
    says,
  });
}

/** The environment in which cargo and the compiler run. */
export function environment({ epoch, readVariable }: CargoParts): Readonly<Record<string, string>> {
  const passed = PASSED_VARIABLES.flatMap((name) => {
    const value = readVariable(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    CARGO_INCREMENTAL: "0",
    LANG: "C.UTF-8",
    SOURCE_DATE_EPOCH: `${epoch ?? 0}`,
    TZ: "UTC",
  };
}

/** Where cargo keeps what it fetched. */
export function cargoHome({ folder, readVariable }: CargoParts): string {
  return readVariable("CARGO_HOME") || join(readVariable("HOME") || folder, ".cargo");
}
