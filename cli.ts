/**
 * The command line of smelt. Makes the program's outside, runs it, and turns what nobody else may catch into an exit code:
 * damage of the log is 6, a broken world or a bug is 1. Modules are loaded when they are needed, since the start counts.
 */
import { OutputStream } from "./cli/output_stream.ts";
import { VERSION } from "./project/version.ts";

const stdout = new OutputStream(Deno.stdout);
const stderr = new OutputStream(Deno.stderr);

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
    stdout.write(`smelt ${VERSION}\n`);
    return 0;
  }
  const [{ runProgram }, { systemContext }, { reportThrown }, { SecretRegister }] = await Promise.all([
    import("./cli/program.ts"),
    import("./cli/system_context.ts"),
    import("./cli/report_thrown.ts"),
    import("./engine/secret_register.ts"),
  ]);
  const { systemPorts } = await import("./compose/system_ports.ts");
  const secrets = new SecretRegister();
  const { credentialsOf } = await import("./compose/credential_variables.ts");
  credentialsOf(readableVariables()).forEach((credential) => secrets.noteText(credential));
  const context = systemContext(VERSION, { stdout, stderr, secrets }, systemPorts);
  const report = (thrown: unknown) => reportThrown(context, thrown, args);
  onUncaught(report);
  return await runProgram(context, args).catch(report);
}

/** All variables, or none where the runtime was started to give only some by name. */
function readableVariables(): Record<string, string> {
  const { state } = Deno.permissions.querySync({ name: "env" });
  return state === "granted" ? Deno.env.toObject() : {};
}

/** What no promise and no call gives back would be printed by the runtime, with its stack and everything in it. */
function onUncaught(report: (thrown: unknown) => number): void {
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    Deno.exit(report(event.error));
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(report(event.reason));
  });
}

/** What a command found and could not say is no success. */
function codeOf(exitCode: number): number {
  if (stdout.loss === undefined) return exitCode;
  stderr.write(`error: Cannot write to standard output: ${stdout.loss.message}\n`);
  return exitCode === 0 ? 1 : exitCode;
}

Deno.exit(codeOf(await main(Deno.args)));
