import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { foreignTest } from "./harness/foreign_program.ts";
import { newProject } from "./harness/test_project.ts";
import { type TracedMoment, traceWrites } from "./harness/traced_writes.ts";

/** What the system saw of a run: nothing is told, and nobody is called, before the disk has what it rests on. */

const DATA_COUNT = 400;
/** Steps that wait for nothing share records; those of a chain cannot. */
const WIDE = Array.from({ length: DATA_COUNT }, (_, index) => data(`r${index}`)).join("\n");
const CHAIN = Array.from({ length: 8 }, (_, index) => data(`r${index}`, index === 0 ? "" : `r${index - 1}`))
  .join("\n");
const QUEUES = Array.from({ length: 24 }, (_, index) =>
  `resource queue "q${index}" : sim.Queue {
  name = "q${index}"
}
`).join("\n");

function data(label: string, needed = ""): string {
  const needs = needed === "" ? "" : `  needs data.${needed}\n\n`;
  return `resource data "${label}" : local.Data {\n${needs}  input {\n    name = "${label}"\n  }\n}\n`;
}

interface LoggedEvent {
  readonly type: string;
  readonly address?: string;
  readonly token?: string;
}

/** What is durable of a log at a moment, told by the system's calls alone. */
class SeenDisk {
  readonly groups: number[] = [];
  readonly durable: LoggedEvent[] = [];
  syncCount = 0;
  #written: LoggedEvent[] = [];
  /** Of a sync under way: how much had been written when it began. */
  #covered = 0;

  /** Takes a call on the log. */
  see({ call, phase, text }: TracedMoment): void {
    if (call === "write" && phase === "ended") {
      deepStrictEqual(this.#written, [], "a record is written only after the one before is durable");
      strictEqual(text.at(-1), "\n", "a record is written with its line end");
      this.#written = JSON.parse(text.split("\t")[0] ?? "").events;
      this.groups.push(this.#written.length);
    } else if (call === "sync" && phase === "began") {
      this.#covered = this.#written.length;
    } else if (call === "sync") {
      this.syncCount++;
      this.durable.push(...this.#written.splice(0, this.#covered));
    }
  }
}

interface SeenRun {
  readonly disk: SeenDisk;
  readonly toldCount: number;
  readonly calledCount: number;
}

/** Goes through a run and checks, at each line that was printed and each call that reached the cloud, what was durable. */
function check(moments: readonly TracedMoment[]): SeenRun {
  const disk = new SeenDisk();
  let toldCount = 0;
  let calledCount = 0;
  for (const moment of moments) {
    const { path, phase, text, call, descriptor } = moment;
    if (path.endsWith("/log/default.log")) disk.see(moment);
    if (phase === "ended" || call !== "write") continue;
    if (path.endsWith("/sim/journal.jsonl")) {
      for (const token of tokensIn(text)) {
        calledCount++;
        ok(disk.durable.some((event) => event.type === "CreateStarted" && event.token === token), text);
      }
    } else if (descriptor === 1 || descriptor === 2) {
      for (const [, address = ""] of text.matchAll(/^ +\+ +(\S+) +created /gm)) {
        toldCount++;
        ok(disk.durable.some((event) => event.type === "CreateSucceeded" && event.address === address), text);
      }
      if (!text.includes("Applied: ")) continue;
      ok(disk.durable.some((event) => event.type === "RunFinished"), text);
    }
  }
  return { disk, toldCount, calledCount };
}

function tokensIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith('{"fact":"Created"'))
    .map((line) => JSON.parse(line).token);
}

const CASES = [
  {
    what: "steps one after another",
    source: CHAIN,
    parallelism: 1,
    told: 8,
    called: 0,
    atLeast: 1,
    atMost: 2,
  },
  {
    what: "calls ten at a time",
    source: QUEUES,
    parallelism: 10,
    told: 24,
    called: 24,
    atLeast: 10,
    atMost: 30,
  },
  {
    what: "a hundred and more events",
    source: WIDE,
    parallelism: 10,
    told: 400,
    called: 0,
    atLeast: 100,
    atMost: 400,
  },
  { what: "all in one", source: WIDE, parallelism: 64, told: 400, called: 0, atLeast: 400, atMost: 800 },
];

for (const { what, source, parallelism, told, called, atLeast, atMost } of CASES) {
  foreignTest(
    ["strace"],
    `A2: nothing is told and nobody is called before the log is synced, one fdatasync a record: ${what}`,
    async ({ strace }) => {
      await using project = await newProject(source);
      const moments = await traceWrites(strace, project, [
        "apply",
        "--yes",
        "--parallelism",
        String(parallelism),
      ]);
      const { disk, toldCount, calledCount } = check(moments);
      deepStrictEqual({ toldCount, calledCount }, { toldCount: told, calledCount: called });
      // Beside one a record: the run's own before it believes the tail, and the pin's before it names the head.
      strictEqual(disk.syncCount, disk.groups.length + 2);
      const largest = Math.max(...disk.groups);
      ok(largest >= atLeast && largest <= atMost, `the largest record holds ${largest} events`);
    },
  );
}
