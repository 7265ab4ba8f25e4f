import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { openWorkspace } from "./workspace.ts";

async function makePipe(path: string): Promise<void> {
  ok((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
}

const CASES: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ["a folder", (path) => Deno.mkdir(path)],
  ["neither a file nor a folder", makePipe],
];

for (const [found, make] of CASES) {
  Deno.test(`openWorkspace() refuses a smelt.toml that is ${found}`, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "smelt-" }));
    try {
      const path = join(folder, "smelt.toml");
      await make(path);
      deepStrictEqual(await openWorkspace(folder), {
        ok: false,
        error: { kind: "Config", message: `Cannot read "${path}": expected a file, found ${found}` },
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
