import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyProject } from "./harness/test_project.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const QUICKSTART = join(ROOT, "examples/quickstart");

interface Told {
  readonly code: number;
  readonly output: string;
  /** What it left in its folder for temporary files. */
  readonly left: readonly string[];
}

/** Runs the task `demo` as a stranger does. */
async function runDemo(variables: Readonly<Record<string, string>> = {}): Promise<Told> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "demo"],
      cwd: ROOT,
      env: { TMPDIR: folder, ...variables },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    const left = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    return { code, output: text.decode(stdout) + text.decode(stderr), left };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the quick start is valid and in canonical form", async () => {
  await using project = await emptyProject();
  for await (const { name } of Deno.readDir(QUICKSTART)) {
    if (name.endsWith(".smelt")) await project.write(name, await Deno.readTextFile(join(QUICKSTART, name)));
  }
  const { stdout } = await project.expect(0, ["validate"]);
  match(stdout, /2 files, 11 resources/);
  await project.expect(0, ["fmt", "--check"]);
});

Deno.test("the demo tells the whole story in plain text, ends with 0 and leaves nothing behind", async () => {
  const { code, output, left } = await runDemo();
  strictEqual(code, 0, output);
  match(output, /# The cloud made 12 objects and deleted 12 of them, so 0 exist/);
  strictEqual(output.match(/^== /gm)?.length, 10, output);
  ok(!output.includes("\x1b"), output);
  deepStrictEqual(left, []);
});

Deno.test("the demo stops with 1 at a command that ends otherwise than it must, and names it", async () => {
  const { code, output } = await runDemo({ PATH: "/nonexistent" });
  strictEqual(code, 1, output);
  match(output, /The demo stopped: ".* smelt init" ended with \d+, expected 0/);
});
