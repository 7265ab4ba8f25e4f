import { deepStrictEqual } from "node:assert/strict";
import { findExcess } from "./minimal_check.ts";

function excess(
  ...entries: readonly (readonly [path: string, type?: string, mode?: number])[]
): readonly string[] {
  const names = entries.map(([path, type = "0", mode = 0o755]) => ({ path, type, mode, target: "" }));
  return findExcess(names).map(({ kind, path }) => `${kind} ${path}`);
}

Deno.test("findExcess() finds shells and package managers among programs, also as links, and nowhere else", () => {
  deepStrictEqual(
    excess(["bin/sh", "2"], ["usr/bin/bash"], ["bin/busybox", "1"], ["usr/local/bin/pip"], ["sbin/apk"]),
    [
      "shell bin/sh",
      "shell usr/bin/bash",
      "shell bin/busybox",
      "packageManager usr/local/bin/pip",
      "packageManager sbin/apk",
    ],
  );
  deepStrictEqual(
    excess(["app/sh"], ["etc/bash"], ["bin/shell"], ["usr/share/bin/sh"], ["bin/sh", "5"], ["sh"]),
    [],
  );
});

Deno.test("findExcess() finds files that give the rights of another, but no folder and no link", () => {
  deepStrictEqual(
    excess(["usr/bin/su", "0", 0o4755], ["opt/x", "0", 0o2755], ["tmp", "5", 0o3777], ["opt/y", "2", 0o4777]),
    ["setId usr/bin/su", "setId opt/x"],
  );
});
