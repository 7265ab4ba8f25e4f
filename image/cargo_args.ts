import type { CargoPrograms } from "./cargo_metadata.ts";

/** What of a build is said to cargo by arguments. */
export interface CargoArguments {
  readonly programs: CargoPrograms;
  /** Rust's name of the platform. */
  readonly target: string;
  readonly targetFolder: string;
  readonly profile: string;
  readonly features: readonly string[];
  readonly defaultFeatures: "used" | "left";
  /** `optional`: cargo may write a lock file, or change the one that is there. */
  readonly lockFile: "required" | "optional";
  /** The user's own, which `deniedCargoArg` has let pass. */
  readonly more: readonly string[];
}

/** The arguments of cargo for a build; `subcommand` is `build`, or one that stands in its place. */
export function cargoArgs(subcommand: string, parts: CargoArguments): readonly string[] {
  const { programs, target, targetFolder } = parts;
  return [
    subcommand,
    ...(parts.lockFile === "required" ? ["--locked"] : []),
    "--package",
    programs.package,
    ...programs.names.flatMap((name) => [`--${programs.kind}`, name]),
    "--profile",
    parts.profile,
    "--target",
    target,
    "--target-dir",
    targetFolder,
    "--message-format",
    "json-render-diagnostics",
    ...(parts.features.length === 0 ? [] : ["--features", parts.features.join(",")]),
    ...(parts.defaultFeatures === "used" ? [] : ["--no-default-features"]),
    ...parts.more,
  ];
}

/** By the argument of cargo, why a build of an image takes it from nobody, or what says it instead. */
const DENIED: Readonly<Record<string, string>> = {
  "--all": "an image has the programs that --bin and --example name",
  "--all-targets": "an image has the programs that --bin and --example name",
  "--artifact-dir": "the program goes into the image alone",
  "--benches": "an image has the programs that --bin and --example name",
  "--bench": "an image has the programs that --bin and --example name",
  "--bin": "say it before the --",
  "--bins": "name each with --bin before the --",
  "--config": "it could set what makes one source another program; write it to .cargo/config.toml",
  "--example": "say it before the --",
  "--examples": "name each with --example before the --",
  "--exclude": "an image has the programs that --bin and --example name",
  "--lib": "a library cannot be run",
  "--manifest-path": "the folder is that of --cargo",
  "--message-format": "the messages are read here",
  "--out-dir": "the program goes into the image alone",
  "--package": "say it before the --",
  "--profile": "say it before the --",
  "--release": "say --profile release before the --, which is the default",
  "--target": "say --platform and --link before the --",
  "--target-dir": "each build has a folder of its own",
  "--test": "a test is no program of an image",
  "--tests": "a test is no program of an image",
  "--workspace": "an image has the programs that --bin and --example name",
  "-C": "the folder is that of --cargo",
  "-Z": "what is unstable changes with the compiler",
  "-p": "say --package before the --",
  "-r": "say --profile release before the --, which is the default",
};

/** The first argument that must not reach cargo, with the reason, as the end of a sentence; `undefined` when all may. */
export function deniedCargoArg(args: readonly string[]): string | undefined {
  for (const arg of args) {
    const name = arg.startsWith("--") ? arg.replace(/=.*$/s, "") : shortName(arg);
    const reason = Object.hasOwn(DENIED, name) ? DENIED[name] : undefined;
    if (reason !== undefined) return `"${arg}" for cargo: ${reason}`;
    if (arg.startsWith("+")) return `"${arg}" for cargo: say --build-env RUSTUP_TOOLCHAIN=${arg.slice(1)}`;
  }
  return undefined;
}

/** Whether the lock file must stay as it is. */
export function lockedArg(args: readonly string[]): boolean {
  return args.includes("--locked") || args.includes("--frozen");
}

/** Those of a build's own arguments that keep other commands of cargo from the network as well. */
export function networkArgs(args: readonly string[]): readonly string[] {
  return args.includes("--offline") || args.includes("--frozen") ? ["--offline"] : [];
}

/** Those of a build's own arguments that say which features it has, as cargo takes them elsewhere too. */
export function featureArgs(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, index) => {
    if (arg === "--all-features" || arg === "--no-default-features") return [arg];
    if (/^(?:--features=|-F.)/.test(arg)) return [arg];
    return arg === "--features" || arg === "-F" ? [arg, args[index + 1] ?? ""] : [];
  });
}

/** Short options stand together, as in `-vZ`: the denied one among them. What follows -F and -j is their value. */
function shortName(arg: string): string {
  const [, letter] = /^-[^-FjCZpr]*([FjCZpr])/.exec(arg) ?? [];
  return letter === undefined ? arg : `-${letter}`;
}
