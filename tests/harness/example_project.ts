import { SecretRegister } from "../../engine/secret_register.ts";
import { dirname, join } from "node:path";
import { systemPorts } from "../../compose/system_ports.ts";
import { runProgram } from "../../cli/program.ts";
import { Printer } from "../../cli/printer.ts";
import type { ProjectPorts } from "../../project/project_ports.ts";
import { fakeContext, FakeSink } from "../support/fake_context.ts";
import type { ExampleFiles } from "./example_page.ts";

/** Does `work` in a temporary folder that holds `files`. */
export async function inExampleProject<T>(
  files: ExampleFiles,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-example-" });
  try {
    for (const [name, text] of files) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeTextFile(join(folder, name), text);
    }
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The use cases' ports over an example; no variable of the environment is set. */
export function examplePorts(folder: string): ProjectPorts {
  return systemPorts({
    workingFolder: folder,
    readVariable: () => undefined,
    host: "host",
    who: "reader",
    launch: undefined,
  });
}

/** What a command prints on both streams, in the process of the test. */
export async function printedBy(folder: string, args: readonly string[]): Promise<string> {
  const sink = new FakeSink("file");
  const context = {
    ...fakeContext("file"),
    ports: examplePorts(folder),
    printer: new Printer({ out: sink, err: sink }, new SecretRegister(), "1"),
  };
  await runProgram(context, args);
  return sink.text;
}
