import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { saveUnsaved } from "../compose/unsaved_file.ts";
import { systemClock } from "../actors/system_clock.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { loadSigner } from "../trust/signing_key_file.ts";
import { flippedBit } from "./harness/flipped_bit.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/**
 * Every file that smelt keeps is damaged in every way, each in turn, and for each kind of file it is said here what becomes of
 * it. A file of a kind that is not told of fails the test: whoever adds one says what its damage does.
 */

type Damage = "flip" | "delete" | "swap" | "empty" | "truncate" | "duplicate" | "reorder";

const DAMAGES: readonly Damage[] = ["flip", "delete", "swap", "empty", "truncate", "duplicate", "reorder"];

/** Exit codes that a command may end with. */
type Codes = readonly number[];

/** What commands make of a damaged file. */
interface Verdict {
  readonly apply: Codes;
  readonly verify: Codes;
}

/** From which byte to which. */
type Span = (text: string) => readonly [from: number, to: number];

/** A kind of stored file. */
interface Kind {
  readonly name: string;
  readonly path: RegExp;
  /** What may stand in its place after a swap; without it, some text. */
  readonly partner?: RegExp;
  /** Between which of its bytes one is flipped: what is for people only is told of elsewhere. Default: anywhere. */
  readonly flips?: Span;
  /** Ways to damage it, where not all. */
  readonly damages?: readonly Damage[];
  verdict(damage: Damage): Verdict;
}

const REFUSED: Verdict = { apply: [6], verify: [6] };
const UNTOUCHED: Verdict = { apply: [0], verify: [0] };

/** The part of a text that `pattern` matches. */
function within(pattern: RegExp): Span {
  return (text) => {
    const found = pattern.exec(text);
    ok(found !== null, `${pattern} in ${text}`);
    return [found.index, found.index + found[0].length];
  };
}

/** What the test at hand is not about. */
const OTHERS: Kind = { name: "another file", path: /./, verdict: () => UNTOUCHED };

/** Changes the log by one small run. */
const QUICK = ["taint", "network.main"];
const APPLY = ["apply", "--yes"];

const KINDS: readonly Kind[] = [
  {
    name: "log",
    path: /^project\/\.smelt\/log\/default\.log$/,
    partner: /^project\/\.smelt\/log\/other\.log$/,
    verdict: () => REFUSED,
  },
  {
    name: "log of another environment",
    path: /^project\/\.smelt\/log\/other\.log$/,
    verdict: () => UNTOUCHED,
  },
  {
    name: "secret",
    path: /^project\/\.smelt\/blobs\//,
    partner: /^project\/\.smelt\/blobs\//,
    verdict: () => REFUSED,
  },
  {
    name: "signing key",
    path: /^project\/\.smelt\/keys\/local\.key$/,
    partner: /^project\/\.smelt\/keys\/default\.data/,
    flips: within(/"id":"[^"]+","key":"[^"]+"/),
    // Who only audits needs no signing key. One that is not there is no damage: it lies elsewhere.
    verdict: (damage) => ({ apply: damage === "delete" ? [1] : [6], verify: [0] }),
  },
  {
    name: "data key",
    path: /^project\/\.smelt\/keys\/default\.data/,
    partner: /^project\/\.smelt\/keys\/other\.data/,
    verdict: (damage) => damage === "delete" ? { apply: [1], verify: [0] } : REFUSED,
  },
  {
    name: "digest key",
    path: /^project\/\.smelt\/keys\/default\.digest/,
    partner: /^project\/\.smelt\/keys\/other\.digest/,
    // With another key every secret looks changed, and is sealed anew; only that the log's digests are of none tells it.
    flips: within(/"id":"[^"]+","key":"[^"]+"/),
    verdict: (damage) => {
      if (damage === "delete") return { apply: [1], verify: [0] };
      return damage === "flip" ? { apply: [0, 6], verify: [6] } : REFUSED;
    },
  },
  { name: "key of another environment", path: /^project\/\.smelt\/keys\/other\./, verdict: () => UNTOUCHED },
  {
    name: "pins of this user",
    path: /^state\/pins\.json$/,
    flips: within(/"hash":"[^"]+","seq":\d+/),
    // Without pins this is a fresh machine, to which smelt.toml says which log is the right one.
    verdict: (damage) => damage === "delete" ? UNTOUCHED : REFUSED,
  },
  {
    name: "project file",
    path: /^project\/smelt\.toml$/,
    flips: within(/(?<=first_record = ")[0-9a-f]+/),
    verdict: (damage) => damage === "flip" ? { apply: [1, 6], verify: [1, 6] } : { apply: [1], verify: [1] },
  },
  {
    name: "notes that nothing rests on",
    path: /^project\/(smelt|\.gitignore|\.smelt\/log\/.*\.(holder|torn-\d+))$|^state\/pins\.json\.lock$/,
    verdict: () => UNTOUCHED,
  },
];

/** Files of the user, and of the cloud. */
const NOT_KEPT = /^project\/(main\.smelt|\.smelt\/sim\/)/;

const NET = (stage: string) =>
  `resource network "main" : sim.Network {
  cidr = "10.0.0.0/16"
  tags = { stage = "${stage}", one = secret("first secret"), two = secret("second secret") }
}
`;

/** A project with two secrets, another environment, and a log whose end was mended once; the files want a change that sends the secrets. */
async function storedProject(): Promise<TestProject> {
  const project = await newProject(NET("a"));
  await Deno.writeTextFile(
    join(project.root, "smelt.toml"),
    "\n[environments.other]\n",
    { append: true },
  );
  await expectInside(project, 0, ["init", "other"]);
  await Deno.writeTextFile(project.logPath, '{"at":', { append: true });
  await expectInside(project, 0, ["apply", "--yes"]);
  await project.write("main.smelt", NET("b"));
  return project;
}

/** The folder that holds the project and the state of its user. */
function folderOf({ place }: TestProject): string {
  return join(place.workingFolder, "..");
}

async function filesBelow(folder: string, path = ""): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, path))) {
    const inner = path === "" ? name : `${path}/${name}`;
    if (isDirectory) found.push(...await filesBelow(folder, inner));
    else found.push(inner);
  }
  return found.sort();
}

function kindOf(path: string, kinds: readonly Kind[]): Kind {
  if (NOT_KEPT.test(path)) return OTHERS;
  const kind = kinds.find((each) => each.path.test(path));
  ok(kind !== undefined, `It is not said what damage of "${path}" does`);
  return kind;
}

/** The bytes that each damage leaves: several for a flip, which is made at the start, in the middle and at the end. */
async function damaged(
  folder: string,
  path: string,
  { flips, partner }: Kind,
  damage: Damage,
): Promise<readonly (Uint8Array<ArrayBuffer> | undefined)[]> {
  const bytes = await Deno.readFile(join(folder, path));
  const half = bytes.length >> 1;
  switch (damage) {
    case "flip": {
      const [from, to] = flips?.(new TextDecoder().decode(bytes)) ?? [0, bytes.length];
      return [from, (from + to) >> 1, to - 1].filter((at) => at >= 0 && bytes.length > 0).map((at) =>
        bytes.map((byte, index) => index === at ? flippedBit(at, byte) : byte)
      );
    }
    case "delete":
      return [undefined];
    case "swap": {
      const other = partner === undefined
        ? undefined
        : (await filesBelow(folder)).find((each) => each !== path && partner.test(each));
      const text = new TextEncoder().encode("something else\n");
      return [other === undefined ? text : await Deno.readFile(join(folder, other))];
    }
    case "empty":
      return bytes.length === 0 ? [] : [new Uint8Array()];
    case "truncate":
      return bytes.length < 2 ? [] : [bytes.slice(0, half)];
    case "duplicate":
      return bytes.length === 0 ? [] : [new Uint8Array([...bytes, ...bytes])];
    case "reorder":
      return bytes.length < 2 ? [] : [reordered(bytes)];
  }
}

/** The lines the other way round, or the halves where there is one line only. */
function reordered(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const lines = new TextDecoder("latin1").decode(bytes).split("\n");
  const isOneLine = lines.length < 3;
  const half = bytes.length >> 1;
  if (isOneLine) return new Uint8Array([...bytes.slice(half), ...bytes.slice(0, half)]);
  const last = lines.pop();
  const text = [...lines.reverse(), last].join("\n");
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function place(path: string, bytes: Uint8Array | undefined): Promise<void> {
  if (bytes === undefined) return await Deno.remove(path);
  const { mode } = await Deno.stat(path);
  await Deno.writeFile(path, bytes, { mode: mode ?? 0o600 });
}

/** Damages each file of `base` of the given kinds, and holds what comes of it against its verdict. Gives how many cases that were. */
async function eachDamage(
  base: TestProject,
  kinds: readonly Kind[],
  args: readonly string[],
): Promise<number> {
  let count = 0;
  const folder = folderOf(base);
  for (const path of await filesBelow(folder)) {
    const kind = kindOf(path, kinds);
    if (kind === OTHERS) continue;
    const original = await Deno.readFile(join(folder, path));
    for (const damage of kind.damages ?? DAMAGES) {
      const verdict = kind.verdict(damage);
      for (const bytes of await damaged(folder, path, kind, damage)) {
        // What is refused leaves all as it is; what goes on does not.
        await using fresh = verdict.apply.includes(0) ? await base.copy() : undefined;
        const project = fresh ?? base;
        await place(join(folderOf(project), path), bytes);
        await holds(
          project,
          verdict,
          verdict === UNTOUCHED ? QUICK : args,
          `${damage} of ${path}, ${kind.name}`,
        );
        if (project === base) await restore(join(folder, path), original);
        count++;
      }
    }
  }
  return count;
}

async function restore(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(path, bytes, { mode: 0o600 });
}

async function holds(
  project: TestProject,
  verdict: Verdict,
  args: readonly string[],
  what: string,
): Promise<void> {
  const verified = await project.unchangedBy(() => runInside(project, ["audit", "verify"]));
  ok(
    verdict.verify.includes(verified.code),
    `${what}: verify ended with ${verified.code}\n${verified.stdout}${verified.stderr}`,
  );
  const before = await project.journal();
  const ran = await runInside(project, args);
  const said = `${what}: ${args.join(" ")} ended with ${ran.code}\n${ran.stdout}${ran.stderr}`;
  ok(verdict.apply.includes(ran.code), said);
  for (const { stderr } of [verified, ran]) doesNotMatch(stderr, /^\s+at .*:\d+|bug of smelt/m, what);
  // What was refused has called nobody.
  if (ran.code !== 0) strictEqual(await project.journal(), before, said);
}

Deno.test("6: damage of any kind to any stored file is refused, told, or does not matter, as is said for its kind", async () => {
  await using base = await storedProject();
  await using sound = await base.copy();
  await holds(sound, UNTOUCHED, APPLY, "no damage");
  const count = await eachDamage(base, KINDS, APPLY);
  ok(count > 100, `${count} cases`);
});

Deno.test("6: a damaged saved plan is never carried out", async () => {
  await using base = await newProject(NET("a"));
  await expectInside(base, 0, ["apply", "--yes"]);
  await base.write("main.smelt", NET("c"));
  await expectInside(base, 0, ["plan", "--out", "other.plan"]);
  await base.write("main.smelt", NET("b"));
  await expectInside(base, 0, ["plan", "--out", "p.plan"]);
  await using sound = await base.copy();
  await holds(sound, UNTOUCHED, ["apply", "--plan-file", "p.plan", "--yes"], "no damage");
  const plan: Kind = {
    name: "saved plan",
    path: /^project\/p\.plan$/,
    partner: /^project\/other\.plan$/,
    // A flip in what says which log it is of leads to another log, or to none.
    verdict: (damage) => ({
      apply: damage === "delete" || damage === "swap" || damage === "flip" ? [1, 6] : [6],
      verify: [0],
    }),
  };
  const count = await eachDamage(base, [plan, OTHERS], ["apply", "--plan-file", "p.plan", "--yes"]);
  ok(count >= 9, `${count} cases`);
});

Deno.test("6: a damaged checkpoint is passed over, and another one is kept in its place", async () => {
  const big = `resource data "big" : local.Data {\n  input {\n    text = "${"x".repeat(600_000)}"\n  }\n}\n`;
  await using base = await newProject(big);
  await expectInside(base, 0, ["apply", "--yes"]);
  const passedOver: Verdict = { ...UNTOUCHED };
  const checkpoint: Kind = { name: "checkpoint", path: /\/checkpoints\//, verdict: () => passedOver };
  ok((await eachDamage(base, [checkpoint, OTHERS], ["taint", "data.big"])) >= 8);
});

Deno.test("6: damaged outcomes that a run kept aside are not believed; what its lock holds does not matter", async () => {
  await using base = await newProject(NET("a"));
  const faults = [{ operation: "create", type: "sim.Network", effect: "crashBefore" }];
  await base.expect(137, ["apply", "--yes"], { env: { SMELT_SIM_FAULTS: JSON.stringify(faults) } });
  const log = await base.read(".smelt/log/default.log");
  const token = /"token":"([0-9a-f]{32})","type":"CreateStarted"/.exec(log)?.[1] ?? "";
  const stream = /"stream":"([0-9a-f]{64})"/.exec(log)?.[1] ?? "";
  const { hash } = await loadRecordChecks();
  const key = await loadSigner(hash, join(base.root, ".smelt/keys/local.key"));
  ok(key.ok);
  const failure = {
    kind: "Timeout",
    retry: "withToken",
    certainty: "unknown",
    message: "no answer",
  } as const;
  await saveUnsaved(
    join(base.root, ".smelt/unsaved/0.json"),
    [{ type: "OutcomeUnknown", address: "network.main", token, failure }],
    { stream, hash, signer: key.value.signer, standIn: undefined, clock: systemClock },
  );
  const settles: Verdict = { apply: [0], verify: [8] };
  const kinds: readonly Kind[] = [
    {
      name: "outcomes kept aside",
      path: /\/unsaved\//,
      // Outcomes of another log stay for its own runs: what they tell is looked for instead.
      verdict: (damage) => damage === "delete" ? settles : { apply: [6], verify: [8] },
    },
    {
      name: "lock of a run",
      path: /\/runs\//,
      // Without it nobody can tell whether the run lives: the next one waits for 30 s of silence.
      damages: DAMAGES.filter((each) => each !== "delete"),
      verdict: () => settles,
    },
    OTHERS,
  ];
  await using sound = await base.copy();
  await holds(sound, settles, APPLY, "no damage");
  deepStrictEqual(
    (await filesBelow(folderOf(base))).filter((each) => /\/(unsaved|runs)\//.test(each)).length,
    2,
  );
  ok((await eachDamage(base, kinds, APPLY)) >= 8);
});
