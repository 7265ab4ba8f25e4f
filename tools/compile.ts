/**
 * Writes smelt as one program: `deno task compile [OUTPUT]`. The runtime adds the source to a base program `denort`,
 * which it downloads, or takes from `DENORT_BIN` on a machine that cannot. Exits with 1 when no right program came out.
 */
import { compileProgram } from "./compile_program.ts";
import { complain, say } from "./say.ts";

if (import.meta.main) Deno.exit(compile(Deno.args[0] ?? "smelt"));

function compile(output: string): number {
  const version = sourceVersion();
  const path = output.includes("/") ? output : `./${output}`;
  const fault = compileProgram({ entry: "cli.ts", output: path, version, environment: {} });
  switch (fault?.kind) {
    case undefined:
      say(`${output}: ${version}`);
      return 0;
    case "NoBase":
      complain(fault.detail);
      complain(
        `Cannot fetch the base program "denort" of Deno ${Deno.version.deno} for ${Deno.build.target}`,
      );
      complain("Unpack it from that Deno release on a machine with access, and set DENORT_BIN to its path");
      return 1;
    case "WrongBase":
      complain(
        `Cannot use the base program: the result prints "${fault.printed}", the source prints "${version}"`,
      );
      complain(
        `Set DENORT_BIN to "denort" of Deno ${Deno.version.deno} for ${Deno.build.target}, or unset it`,
      );
      return 1;
    case "Failed":
      complain(fault.detail);
      return 1;
  }
}

function sourceVersion(): string {
  const args = ["run", "-q", "--no-prompt", "-P", "-R=.", "cli.ts", "--version"];
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), { args, stdin: "null" }).outputSync();
  if (!success) throw new Error(`Cannot run cli.ts: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}
