import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isNoteKeyName } from "../trust/signed_note.ts";
import {
  checkpointOrigin,
  type CheckpointStatement,
  parseStatement,
  statementText,
} from "./signed_checkpoint.ts";

const HEX = fc.stringMatching(/^[0-9a-f]{64}$/);
const STATEMENT = fc.record({
  project: fc.stringMatching(/^[\x21-\x7e]{1,20}$/),
  environment: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,8}$/),
  stream: HEX,
  head: fc.record({ seq: fc.integer({ min: 1 }), hash: HEX }, { noNullPrototype: true }),
  recordRoot: HEX,
  root: HEX,
  object: HEX,
}, { noNullPrototype: true });

Deno.test("parseStatement() reads what statementText() writes, whatever the id of the project holds", () => {
  fc.assert(fc.property(STATEMENT, (statement) => {
    deepStrictEqual(parseStatement(statementText(statement)), statement);
    ok(isNoteKeyName(checkpointOrigin(statement)));
  }));
});

Deno.test("parseStatement() reads no other spelling", () => {
  const hash = "ab".repeat(32);
  const statement: CheckpointStatement = {
    project: "a/b",
    environment: "dev",
    stream: hash,
    head: { seq: 12, hash },
    recordRoot: hash,
    root: hash,
    object: hash,
  };
  const text = statementText(statement);
  for (
    const other of [
      "",
      text.trimEnd(),
      `${text}more\n`,
      text.replace("\n12\n", "\n012\n"),
      text.replace("\n12\n", "\n0\n"),
      text.replace("\n12\n", "\n9007199254740993\n"),
      text.replace("a%2Fb", "a/b"),
      text.replace("a%2Fb", "a%2fb"),
      text.replace("a%2Fb", "%ff"),
      text.replace("smelt/", "molten/"),
      text.replace(/^state.*\n/m, ""),
      text.replace("record ab", "record AB"),
      text.replace("=\n", "\n"),
      text.replace("s=\n", "t=\n"),
    ]
  ) strictEqual(parseStatement(other), undefined, other);
  deepStrictEqual(parseStatement(text), statement);
});
