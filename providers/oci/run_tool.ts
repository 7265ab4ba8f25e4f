import { err, ok, type Result } from "../../engine/result.ts";
import { type ImageFault, imageFault, permissionFault } from "./image_fault.ts";

/** How a program ended, and what it printed for us; what it had to say went to standard error as it came. */
export interface ToolRan {
  readonly success: boolean;
  readonly stdout: string;
}

/** Where and with which environment a program runs: nothing of smelt's own gets in. */
export interface ToolPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether what it says is for people. */
  readonly says: "shown" | "nothing";
}

/** Runs a program of the PATH to its end. */
export async function runTool(
  program: string,
  args: readonly string[],
  { cwd, env, says, signal }: ToolPlace,
): Promise<Result<ToolRan, ImageFault>> {
  try {
    const { stdout, success } = await new Deno.Command(program, {
      args: [...args],
      cwd,
      clearEnv: true,
      env,
      stdin: "null",
      stdout: "piped",
      stderr: says === "shown" ? "inherit" : "null",
      signal,
    }).output();
    if (signal.aborted) return err(imageFault("The build was interrupted: nothing was written"));
    return ok({ success, stdout: new TextDecoder().decode(stdout) });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return err(permissionFault(`Cannot run "${program}"`, `--allow-run=${program}`));
    }
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return err(imageFault(`Cannot run "${program}": there is no such program on the PATH`));
  }
}
