import { deepStrictEqual } from "node:assert/strict";
import { isInOwnFolder, OWN_PATHS } from "./own_folder.ts";

Deno.test("isInOwnFolder() knows the folder by its whole name, at any depth", () => {
  const own = [
    ".smelt",
    ".smelt/keys/local.key",
    "a/.smelt/log",
    "/home/ada/shop/.SMELT/keys/x",
    "C:\\p\\.smelt\\k",
  ];
  const other = ["", "main.smelt", ".smelt2/a", "a.smelt/b", "keys/local.key", "/home/ada/smelt/x"];
  deepStrictEqual([own.filter(isInOwnFolder), other.filter(isInOwnFolder)], [own, []]);
  const written = new RegExp(OWN_PATHS.pattern, "u");
  deepStrictEqual([...own, ...other].filter((path) => written.test(path)), own);
});
