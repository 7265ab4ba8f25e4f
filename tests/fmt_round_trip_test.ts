import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { hasErrors } from "../lang/diagnostic.ts";
import { parse, type Parsed } from "../lang/parse.ts";
import { sourceText } from "../lang/source_text.ts";
import { syntaxFile } from "../lang/syntax_arbitrary.ts";
import { commentTexts } from "../lang/syntax_law.ts";
import { treeShape } from "../lang/tree_shape.ts";
import { emptyProject } from "./harness/test_project.ts";
import { SeededRandom } from "./support/seeded_random.ts";

const FILE_COUNT = 200;

function read(text: string): Parsed {
  return parse(sourceText("generated.smelt", text));
}

/** Generated texts that a file can hold, each without errors. */
function generatedTexts(seed: number): readonly string[] {
  const random = new SeededRandom(seed);
  const texts: string[] = [];
  while (texts.length < FILE_COUNT) {
    const text = syntaxFile(random, 6);
    const isFile = text.isWellFormed() && !text.includes("\0") && !text.startsWith("\ufeff");
    if (isFile && !hasErrors(read(text).diagnostics)) texts.push(text);
  }
  return texts;
}

Deno.test("27: fmt round trip keeps meaning and comments on generated files", async () => {
  await using project = await emptyProject();
  const texts = generatedTexts(27);
  const nameOf = (index: number): string => `folder${index % 7}/file${index}.smelt`;
  for (const [index, text] of texts.entries()) await project.write(nameOf(index), text);
  await project.expect(0, ["fmt"]);
  let commentCount = 0;
  for (const [index, text] of texts.entries()) {
    const before = read(text);
    const after = read(await project.read(nameOf(index)));
    ok(!hasErrors(after.diagnostics), nameOf(index));
    deepStrictEqual(treeShape(after.tree), treeShape(before.tree));
    deepStrictEqual(commentTexts(after.tree), commentTexts(before.tree));
    commentCount += before.tree.comments.count;
  }
  ok(commentCount > FILE_COUNT, `${commentCount} comments`);
  const formatted = await Promise.all(texts.map((_, index) => project.read(nameOf(index))));
  await project.expect(0, ["fmt", "--check"]);
  await project.expect(0, ["fmt"]);
  for (const [index, text] of formatted.entries()) strictEqual(await project.read(nameOf(index)), text);
});
