import { deepStrictEqual } from "node:assert/strict";
import { checkLayers } from "./layers.ts";

/** Runs `body` in a temporary folder that holds `files`. */
function withFiles(files: Readonly<Record<string, string>>, body: (root: string) => void): void {
  const root = Deno.makeTempDirSync();
  try {
    for (const [path, text] of Object.entries(files)) {
      Deno.mkdirSync(`${root}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
      Deno.writeTextFileSync(`${root}/${path}`, text);
    }
    body(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("checkLayers() passes a clean tree", () => {
  withFiles({ "engine/a.ts": 'import "./b.ts";', "engine/b.ts": "" }, (root) => {
    deepStrictEqual(checkLayers(root), 0);
  });
});

Deno.test("checkLayers() fails on one planted breach", () => {
  withFiles({ "engine/a.ts": 'import "../store/b.ts";', "store/b.ts": "" }, (root) => {
    deepStrictEqual(checkLayers(root), 1);
  });
});

Deno.test("checkLayers() fails when it finds nothing to check", () => {
  withFiles({ "docs/a.md": "" }, (root) => deepStrictEqual(checkLayers(root), 1));
});
