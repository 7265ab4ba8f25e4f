import { checkExample } from "./check_example.ts";
import { checkTomlExample } from "./check_toml_example.ts";
import { checkTranscript } from "./check_transcript.ts";
import { type ExampleFault, formatFault } from "./example_fault.ts";
import { examplePage } from "./example_page.ts";

/** Everything that is wrong with the examples of a page, in its order. */
export async function checkExamplePage(page: string): Promise<readonly string[]> {
  const { examples, tomls, transcripts, faults } = examplePage(page);
  const found: ExampleFault[] = [...faults, ...tomls.flatMap(checkTomlExample)];
  for (const [index, example] of examples.entries()) {
    found.push(...await checkExample(example, examples[index + 1]));
  }
  for (const transcript of transcripts) found.push(...await checkTranscript(transcript));
  return found.toSorted((left, right) => left.line - right.line).map(formatFault);
}
