import { ok } from "node:assert/strict";
import { join } from "node:path";
import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import type { ImageBuild, ImageTools } from "../image_tools.ts";
import { imageTools } from "./image_tools.ts";
import { tinyProgram } from "./_test_program.ts";

/** The operating system's bits. */
export const testRandom: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };

/** A clock whose sleeps end at once, and how long they would have been. */
export interface HurriedClock extends Clock {
  readonly sleptMs: number[];
}

/** Makes such a clock. */
export function hurriedClock(): HurriedClock {
  const sleptMs: number[] = [];
  return {
    sleptMs,
    wallMs: () => 0,
    monotonicMs: () => 0,
    sleep: (ms) => {
      sleptMs.push(ms);
      return Promise.resolve();
    },
  };
}

/** A working folder with a program in it. */
export interface TestFolder extends AsyncDisposable {
  readonly folder: string;
  readonly tools: ImageTools;
  readonly clock: HurriedClock;
  /** Builds `out` of the program for linux/amd64 under the tag `v1`; gives its digest. */
  build(changes?: Partial<ImageBuild>): Promise<string>;
  /** What a build that must fail says. */
  refusal(changes: Partial<ImageBuild>): Promise<string>;
}

/** What is built where a test says nothing else. */
const BUILD: ImageBuild = {
  name: "web",
  source: { kind: "prebuilt", programs: [{ platform: "linux/amd64", path: "web" }] },
  files: [],
  base: undefined,
  caBundle: undefined,
  layout: "out",
  tags: ["v1"],
  settings: {
    args: [],
    env: {},
    labels: {},
    user: undefined,
    workdir: undefined,
    ports: [],
    stopSignal: undefined,
  },
  annotations: {},
  epoch: undefined,
  linkages: "static",
  bom: { formats: [], folder: undefined, told: [] },
  audit: { policy: undefined, database: undefined, rules: undefined },
  excess: "refused",
  lock: "followed",
  insecure: [],
  caFile: undefined,
};

/** Makes a folder; `variables` are those of the environment. */
export async function testFolder(variables: Readonly<Record<string, string>> = {}): Promise<TestFolder> {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(join(folder, "web"), tinyProgram(), { mode: 0o755 });
  const clock = hurriedClock();
  const tools = imageTools({
    clock,
    random: testRandom,
    readVariable: (name) => variables[name],
    workingFolder: folder,
    toolVersion: "1.2.3",
    cacheFolder: join(folder, "cache"),
  });
  return {
    folder,
    tools,
    clock,
    build: async (changes) => {
      const built = await tools.build({ ...BUILD, ...changes }, new AbortController().signal);
      ok(built.ok, built.ok ? "" : built.error.message);
      return built.value.digest;
    },
    refusal: async (changes) => {
      const built = await tools.build({ ...BUILD, ...changes }, new AbortController().signal);
      return built.ok ? "" : [built.error.message, ...built.error.details ?? []].join("\n");
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
