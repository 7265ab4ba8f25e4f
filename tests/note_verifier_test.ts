/** What Go's own checksum-database packages, which others verify logs with, make of our checkpoints and proofs. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { canonicalJson } from "../engine/canonical_json.ts";
import { isJsonObject, type Json } from "../engine/json.ts";
import { openRecord } from "../store/record_codec.ts";
import { loadBlake3 } from "../trust/blake3.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { expectInside } from "./harness/inner_program.ts";
import { printedObject } from "./harness/printed_json.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const STACK = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
}
`;
const FOLDER = new URL("note_verifier/", import.meta.url).pathname;

/** That a log has only grown since it had so many records. */
interface Growth {
  readonly since: number;
  readonly hashes: readonly string[];
}

/** What the verifier is asked; `main.go` tells of it. */
interface Question {
  readonly key: string;
  readonly notes: readonly string[];
  readonly records: readonly string[];
  readonly growths: readonly Growth[];
  readonly proofs: readonly {
    readonly index: number;
    readonly record: string;
    readonly siblings: readonly string[];
  }[];
}

foreignTest(["go"], "Go verifies a checkpoint, and none with a changed byte", async ({ go }) => {
  await using project = await applied();
  const { key, note } = await checkpoint(project);
  const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
  const bytes = new TextEncoder().encode(note);
  const altered = Array.from(
    { length: text.length },
    (_, at) => new TextDecoder().decode(bytes.map((byte, index) => index === at ? byte ^ 1 : byte)),
  );
  const inSignature = note.replace(/.{9}\n$/, (end) => `${end.startsWith("A") ? "B" : "A"}${end.slice(1)}`);
  const answer = await ask(go, {
    key,
    notes: [note, ...altered, inSignature],
    records: [],
    proofs: [],
    growths: [],
  });
  deepStrictEqual(answer["texts"], [text, ...altered.map(() => null), null]);
});

foreignTest(
  ["go"],
  "Go finds the root over the records in a checkpoint, and holds our proof of each",
  async ({ go }) => {
    await using project = await applied();
    const { key, note, seq } = await checkpoint(project);
    await project.write("kept", note);
    const records = (await recordHashes(project)).slice(0, seq);
    const proofs = [];
    for (const [index, record] of records.entries()) {
      const args = ["audit", "proof", "--record", `${index + 1}`, "--checkpoint", "kept"];
      const [, , , ...siblings] =
        (await expectInside(project, 0, args)).stdout.split("\n\n")[0]?.split("\n") ?? [];
      proofs.push({ index, record, siblings });
    }
    const [first, second] = proofs;
    ok(first !== undefined && second !== undefined);
    const swapped = [{ ...first, record: second.record }, { ...first, index: 1 }, {
      ...first,
      siblings: second.siblings,
    }];
    const answer = await ask(go, { key, notes: [], records, proofs: [...proofs, ...swapped], growths: [] });
    strictEqual(answer["root"], note.split("\n")[2]);
    deepStrictEqual(answer["holds"], [...proofs.map(() => true), ...swapped.map(() => false)]);
  },
);

foreignTest(
  ["go"],
  "Go takes what witnesses are asked for proof that the log has only grown",
  async ({ go }) => {
    await using project = await applied();
    const { key, note, seq } = await checkpoint(project);
    await project.write("kept", note);
    const records = (await recordHashes(project)).slice(0, seq);
    const growths: Growth[] = [];
    for (let since = 1; since < seq; since++) {
      const args = ["audit", "proof", "--since", `${since}`, "--checkpoint", "kept"];
      const { stdout } = await expectInside(project, 0, args);
      const [head = "", ...rest] = stdout.split("\n\n");
      const [old, ...hashes] = head.split("\n");
      strictEqual(old, `old ${since}`);
      strictEqual(rest.join("\n\n"), note);
      growths.push({ since, hashes });
    }
    const shifted = growths.slice(1).map(({ hashes }, nth) => ({ since: nth + 1, hashes }));
    const answer = await ask(go, { key, notes: [], records, proofs: [], growths: [...growths, ...shifted] });
    deepStrictEqual(answer["grew"], [...growths.map(() => true), ...shifted.map(() => false)]);
    const none =
      (await expectInside(project, 0, ["audit", "proof", "--since", "0", "--checkpoint", "kept"])).stdout;
    strictEqual(none, `old 0\n\n${note}`);
  },
);

async function applied(): Promise<TestProject> {
  const project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  await project.write("main.smelt", STACK);
  await expectInside(project, 0, ["apply", "--yes"]);
  return project;
}

async function checkpoint(
  project: TestProject,
): Promise<{ readonly key: string; readonly note: string; readonly seq: number }> {
  const json = printedObject((await expectInside(project, 0, ["audit", "checkpoint", "--json"])).stdout);
  return { key: String(json["verifier_key"]), note: String(json["checkpoint"]), seq: Number(json["seq"]) };
}

async function recordHashes(project: TestProject): Promise<readonly string[]> {
  const hash = await loadBlake3();
  const lines = (await project.read(".smelt/log/default.log")).trimEnd().split("\n");
  return lines.map((line) => hash(openRecord(new TextEncoder().encode(line), "a record").canonicalBytes));
}

/** Builds the verifier from modules that are on this machine, and asks it. */
async function ask(go: string, question: Question): Promise<Readonly<Record<string, Json>>> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    const program = join(folder, "note_verifier");
    const env = { GOFLAGS: "-mod=readonly", GOPROXY: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" };
    const built = await new Deno.Command(go, { args: ["build", "-o", program, "."], cwd: FOLDER, env })
      .output();
    strictEqual(built.code, 0, new TextDecoder().decode(built.stderr));
    const child = new Deno.Command(program, { stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
    await new Blob([canonicalJson(question as unknown as Json)]).stream().pipeTo(child.stdin);
    const { code, stdout, stderr } = await child.output();
    strictEqual(code, 0, new TextDecoder().decode(stderr));
    const answer: Json = JSON.parse(new TextDecoder().decode(stdout));
    ok(isJsonObject(answer));
    return answer;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
