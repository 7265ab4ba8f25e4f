import { formatSource } from "../../lang/format_source.ts";
import { sourceText } from "../../lang/source_text.ts";
import { validateProject } from "../../project/validate_project.ts";
import type { ExampleFault } from "./example_fault.ts";
import type { Example } from "./example_page.ts";
import { examplePorts, inExampleProject } from "./example_project.ts";
import { exampleOfFile, placeInExample } from "./example_text.ts";

/**
 * What is wrong with an example: validation finds something else than its marker says, or it is not in canonical form.
 * `next` is the example behind it, which an unformatted one wants to be its canonical form.
 */
export async function checkExample(
  example: Example,
  next: Example | undefined,
): Promise<readonly ExampleFault[]> {
  const { line } = example.block;
  const messages = [
    ...await findingFaults(example),
    ...silentFaults(example),
    ...layoutFaults(example, next),
  ];
  return messages.map((message) => ({ line, message }));
}

async function findingFaults(example: Example): Promise<readonly string[]> {
  const { findings } = example.marker;
  const found = await findingsOf(example);
  return [
    ...found.filter((each) => !findings.includes(each.place)).map((each) =>
      `not expected: ${each.place} ${each.message}`
    ),
    ...findings.filter((place) => !found.some((each) => each.place === place)).map((place) =>
      `expected and not found: ${place}`
    ),
  ];
}

/** Words behind the fence are not shown: what an example is wrong in must stand in it too. */
function silentFaults({ block, marker }: Example): readonly string[] {
  return marker.findings.flatMap((finding) => {
    const [code = ""] = finding.split(" ");
    return block.text.includes(code) ? [] : [`name ${code} in a comment, so that a reader sees it`];
  });
}

interface Finding {
  /** `CODE LINE:COLUMN`, the place as the reader counts. */
  readonly place: string;
  readonly message: string;
}

async function findingsOf({ name, marker, files }: Example): Promise<readonly Finding[]> {
  return await inExampleProject(files, async (folder) => {
    const request = { files: [], environment: undefined, strictness: "errors" } as const;
    const validated = await validateProject(examplePorts(folder), request);
    const diagnostics = validated.ok ? validated.value.diagnostics : validated.error.diagnostics ?? [];
    return diagnostics.map(({ code, file, line, column, message }) => ({
      place: file === name
        ? `${code} ${placeInExample(line, column, marker.form)}`
        : `${code} ${file}:${line}:${column}`,
      message,
    }));
  });
}

function layoutFaults(example: Example, next: Example | undefined): readonly string[] {
  const { block, marker } = example;
  const canonical = canonicalText(example);
  // What cannot be read has no canonical form.
  if (canonical === undefined) return [];
  if (marker.layout === "canonical") {
    return canonical === block.text ? [] : [`not in canonical form, which is\n${canonical}`];
  }
  if (canonical === block.text) return ["it is in canonical form, and marked unformatted"];
  return next?.block.text === canonical
    ? []
    : [`the next example is not its canonical form, which is\n${canonical}`];
}

function canonicalText({ files, name, marker }: Example): string | undefined {
  const formatted = formatSource(sourceText(name, files.get(name) ?? ""));
  return formatted.ok ? exampleOfFile(formatted.value, marker.form) : undefined;
}
