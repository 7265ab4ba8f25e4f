import { err, ok } from "../../engine/result.ts";
import { feedInput } from "../feed_input.ts";
import type { CredentialSources } from "./credentials.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { permissionFault } from "./image_fault.ts";

/** A helper that takes longer waits for somebody. */
const HELPER_MS = 10_000;

/** The environment, files and helper programs of this machine; one that says nothing for `helperMs` has failed. */
export function credentialSources(
  readVariable: CredentialSources["readVariable"],
  helperMs = HELPER_MS,
): CredentialSources {
  return {
    readVariable,
    readText: async (path) => {
      const action = `Cannot read credentials from ${path}`;
      const { state } = await Deno.permissions.query({ name: "read", path });
      if (state !== "granted") return err(permissionFault(action, `--allow-read=${path}`));
      return await answering(action, () => readIfThere(path));
    },
    run: (...call) => askProgram(...call, helperMs),
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function askProgram(
  program: string,
  args: readonly string[],
  input: string,
  helperMs: number,
): ReturnType<CredentialSources["run"]> {
  const signal = AbortSignal.timeout(helperMs);
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      signal,
    }).spawn();
    const answer = Promise.all([child.output(), feedInput(child.stdin, input)]);
    // What it has started itself may hold its output open for longer than it lives.
    const ended = await Promise.race([answer, aborted(signal)]);
    if (ended === undefined) return ok({ success: false, stdout: "" });
    const [{ stdout, success }] = ended;
    return ok({ success, stdout: new TextDecoder().decode(stdout) });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return ok(undefined);
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return err(permissionFault(`Cannot run the credential helper "${program}"`, `--allow-run=${program}`));
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}
