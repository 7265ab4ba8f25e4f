/**
 * The command line of smelt. Makes the program's outside, runs it, and turns what nobody else may catch into an exit code:
 * damage of the log is 6, a broken world or a bug is 1. Modules are loaded when they are needed, since the start counts.
 */
import { VERSION } from "./project/version.ts";

const encoder = new TextEncoder();

/** Writes all of `text`, however much the stream takes at once. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
  } catch (error) {
    // Whoever reads has gone, as `smelt history | head` does.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    Deno.exit(0);
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
    writeAll(Deno.stdout, `smelt ${VERSION}\n`);
    return 0;
  }
  const [{ runProgram }, { systemContext }, { reportThrown }] = await Promise.all([
    import("./cli/program.ts"),
    import("./cli/system_context.ts"),
    import("./cli/report_thrown.ts"),
  ]);
  const { systemPorts } = await import("./compose/system_ports.ts");
  const context = systemContext(VERSION, writeAll, systemPorts);
  try {
    return await runProgram(context, args);
  } catch (error) {
    return reportThrown(context, error, args);
  }
}

Deno.exit(await main(Deno.args));
