/** What to compile, and against which version the result is checked. */
export interface CompileRequest {
  readonly entry: string;
  /** Where the program is written; what stands there is replaced. */
  readonly output: string;
  /** What the source prints for `--version`. */
  readonly version: string;
  /** Added to the environment of the compiler. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Why there is no program. Nothing is left at `output`. */
export type CompileFault =
  | { readonly kind: "NoBase"; readonly detail: string }
  | { readonly kind: "Failed"; readonly detail: string }
  | { readonly kind: "WrongBase"; readonly printed: string };

/**
 * A compiled program cannot be given permissions when it is started, so it holds those that any command may need, and each
 * command gives back the kinds that it does not. Its users trade bounds on paths, hosts and programs for one file.
 */
export const COMPILED_PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net",
  "--allow-sys",
  "--allow-run",
];

/** The flags with which the launcher starts the program, since a compiled one is started without any. */
export const COMPILED_FLAGS: readonly string[] = ["--v8-flags=--min-semi-space-size=32"];

/**
 * Compiles `entry` into one program and runs it once. The runtime puts the source onto whatever base it is given by
 * `DENORT_BIN` without looking, so only the program's own `--version` shows that the base was right.
 */
export function compileProgram(request: CompileRequest): CompileFault | undefined {
  const { entry, output, version, environment } = request;
  const args = [
    "compile",
    "-q",
    "--no-check",
    ...COMPILED_FLAGS,
    ...COMPILED_PERMISSIONS,
    "--output",
    output,
    entry,
  ];
  const compiled = run(Deno.execPath(), args, environment);
  if (!compiled.success) {
    const kind = compiled.text.includes("base binary") ? "NoBase" : "Failed";
    return { kind, detail: compiled.text.trim() };
  }
  const printed = run(output, ["--version"], {}).text.trim();
  if (printed === version) return undefined;
  Deno.removeSync(output);
  return { kind: "WrongBase", printed };
}

/** How a child process ended, and what it printed. */
interface Ran {
  readonly success: boolean;
  readonly text: string;
}

function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>>): Ran {
  const env = { NO_COLOR: "1", ...environment };
  const command = new Deno.Command(program, { args: [...args], env, stdin: "null" });
  const { success, stdout, stderr } = command.outputSync();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
