import type { ExampleFault } from "./example_fault.ts";
import type { Transcript } from "./example_page.ts";
import { inExampleProject, printedBy } from "./example_project.ts";

/** Commands that print the same on every machine: examples have no log, so that a plan creates everything. */
const DETERMINISTIC: readonly string[] = ["validate", "fmt", "graph", "plan"];

/** What is wrong with a transcript: a command prints something else than what stands below it. */
export async function checkTranscript({ block, files }: Transcript): Promise<readonly ExampleFault[]> {
  const steps = stepsOf(block.text);
  const fault = (message: string): ExampleFault => ({ line: block.line, message });
  if (steps.length === 0) return [fault('expected "$ smelt …", found no command')];
  return await inExampleProject(files, async (folder) => {
    const faults: ExampleFault[] = [];
    for (const { command, output } of steps) {
      const [program, name = "", ...rest] = command.split(" ");
      if (program !== "smelt" || !DETERMINISTIC.includes(name)) {
        faults.push(fault(`"${command}" is not run: say why as "unrun: WHY"`));
        continue;
      }
      const printed = await printedBy(folder, [name, ...rest]);
      if (printed !== output) faults.push(fault(`"${command}" prints\n${printed}`));
    }
    return faults;
  });
}

interface Step {
  readonly command: string;
  /** All lines up to the next command. */
  readonly output: string;
}

function stepsOf(text: string): readonly Step[] {
  return text.split(/^(?=\$ )/m).filter((step) => step.startsWith("$ ")).map((step) => {
    const end = step.indexOf("\n");
    return { command: step.slice(2, end), output: step.slice(end + 1) };
  });
}
