import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { isGitRef, originUri, packedCommit, readGitCommit, readGitHead } from "./git_source.ts";

const COMMIT = "a".repeat(40);

Deno.test("originUri() tells a public place, and never a name, a password, or a path of this machine", () => {
  const cases = [
    ["https://github.com/me/web.git", "git+https://github.com/me/web"],
    ["https://me:token@github.com/me/web", "git+https://github.com/me/web"],
    ["https://token@git.example.com:8443/me/web.git", "git+https://git.example.com:8443/me/web"],
    ["ssh://git@github.com:22/me/web.git", "git+https://github.com/me/web"],
    ["git@github.com:me/web.git", "git+https://github.com/me/web"],
    ["github.com:me/web", "git+https://github.com/me/web"],
    ["/home/me/secret/web", undefined],
    ["../web", undefined],
    ["file:///home/me/web", undefined],
    ["C:\\\\Users\\\\me", undefined],
  ] as const;
  for (const [url, uri] of cases) {
    const config =
      `[core]\n\tbare = false\n[remote "upstream"]\n\turl = https://x/y\n[remote "origin"]\n\turl = ${url}\n\tfetch = +refs\n`;
    strictEqual(originUri(config), uri, url);
  }
  strictEqual(originUri('[remote "upstream"]\n\turl = https://x/y\n'), undefined);
  strictEqual(originUri(""), undefined);
});

Deno.test("readGitHead() knows a branch and a commit, and no path out of the folder", () => {
  deepStrictEqual(readGitHead("ref: refs/heads/a-b/c\n"), { kind: "branch", ref: "refs/heads/a-b/c" });
  deepStrictEqual(readGitHead("ref: refs/heads/fix/#12-ü"), { kind: "branch", ref: "refs/heads/fix/#12-ü" });
  deepStrictEqual(readGitHead(`${COMMIT}\n`), { kind: "commit", commit: COMMIT });
  for (
    const text of [
      "",
      "ref: refs/../../etc/passwd",
      "ref: refs/heads/.x",
      "ref: /etc/passwd",
      "ref: refs//x",
      "abc",
    ]
  ) {
    strictEqual(readGitHead(text), undefined, text);
  }
  ok(!isGitRef(`refs/${"a".repeat(300)}`));
});

Deno.test("a commit is found in its own file and among those that were packed", () => {
  strictEqual(readGitCommit(`${COMMIT}\n`), COMMIT);
  strictEqual(readGitCommit("ref: refs/heads/x"), undefined);
  const packed = `# pack-refs\n${"b".repeat(40)} refs/heads/mainly\n${COMMIT} refs/heads/main\n^${
    "c".repeat(40)
  }\n`;
  strictEqual(packedCommit(packed, "refs/heads/main"), COMMIT);
  strictEqual(packedCommit(packed, "refs/heads/other"), undefined);
});
