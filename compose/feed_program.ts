import { feedInput } from "../providers/feed_input.ts";

/**
 * Runs a program of the PATH, whose input is a text and whose output is this program's own. Gives its exit code, 128 and the
 * signal's number when a signal ended it, and `undefined` when there is no such program.
 */
export async function feedProgram(
  program: string,
  args: readonly string[],
  input: string,
): Promise<number | undefined> {
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    const [{ code }] = await Promise.all([child.status, feedInput(child.stdin, input)]);
    return code;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
