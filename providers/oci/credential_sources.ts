import type { CredentialSources } from "./credentials.ts";
import { isAbsent } from "./file_answer.ts";

/** A helper that takes longer waits for somebody. */
const HELPER_MS = 10_000;

/** The environment, files and helper programs of this machine. */
export function credentialSources(readVariable: CredentialSources["readVariable"]): CredentialSources {
  return {
    readVariable,
    readText: async (path) => {
      try {
        return await Deno.readTextFile(path);
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    run: askProgram,
  };
}

async function askProgram(
  program: string,
  args: readonly string[],
  input: string,
): ReturnType<CredentialSources["run"]> {
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(HELPER_MS),
    }).spawn();
    const [{ stdout, success }] = await Promise.all([child.output(), feed(child.stdin, input)]);
    return { success, stdout: new TextDecoder().decode(stdout) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** One that does not read its input has closed it, and still tells what it tells. */
async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
