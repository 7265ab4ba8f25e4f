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
    const [{ code }] = await Promise.all([child.status, feed(child.stdin, input)]);
    return code;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** One that has ended, or closed its input, has said why itself. */
async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
