/** Programs that embed smelt, run as their users run them; and what `mod.ts` may not do to the program that loads it. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import { runEmbedding } from "./harness/embedding_process.ts";
import { guideProgram } from "./support/guide_program.ts";
import type { ProcessPlace } from "./harness/smelt_process.ts";

const ROOT = new URL("..", import.meta.url);
const MOD = new URL("mod.ts", ROOT).href;

async function inFolder(work: (place: ProcessPlace, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const place = { workingFolder: `${folder}/project`, stateFolder: `${folder}/state` };
  try {
    await Deno.mkdir(place.workingFolder);
    await Deno.mkdir(place.stateFolder);
    await work(place, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `source` as a program of its own. */
async function runSource(place: ProcessPlace, source: string): ReturnType<typeof runEmbedding> {
  const path = `${place.workingFolder}/program.ts`;
  await Deno.writeTextFile(path, source);
  return await runEmbedding(place, path);
}

Deno.test("docs/embedding.md is a program that applies and tells", async () => {
  await inFolder(async (place) => {
    const { code, stdout, stderr } = await runSource(place, await guideProgram(MOD));
    deepStrictEqual([code, stderr], [0, ""]);
    const lines = stdout.trimEnd().split("\n");
    deepStrictEqual(lines.slice(0, 2), [
      "4 to create, 0 to change, 0 to replace or delete",
      "create network.main: succeeded",
    ]);
    match(
      stdout,
      /^create instance\.web: succeeded\ndone\nthe machine answers at 10\.0\.1\.\d+\n4 resources live\nthe log holds\n/m,
    );
    match(stdout, /^local CreateSucceeded$/m);
  });
});

Deno.test("the embedding examples run as programs, and end with the codes that they promise", async () => {
  await inFolder(async (place) => {
    const run = async (name: string) => {
      const { code, stdout } = await runEmbedding(
        place,
        new URL(`examples/embedding/${name}.ts`, ROOT).pathname,
      );
      return { code, stdout };
    };
    match((await run("audit")).stdout, /^No smelt\.toml in /);
    deepStrictEqual((await run("check_plan")).code, 2);
    const applied = await run("apply");
    match(applied.stdout, /^succeeded: database\.orders\ndone\norders answer at db-/m);
    deepStrictEqual(applied.code, 0);
    deepStrictEqual(await run("check_plan"), { code: 0, stdout: "" });
    const audited = await run("audit");
    deepStrictEqual(audited.code, 0);
    match(audited.stdout, /CreateSucceeded network\.main$/m);
  });
});

Deno.test("mod.ts prints nothing, adds nothing to the program that loads it, and keeps it from ending in no way", async () => {
  await inFolder(async (place) => {
    const ran = await runSource(
      place,
      `const before = new Set(Reflect.ownKeys(globalThis));
       await import(${JSON.stringify(MOD)});
       for (const key of Reflect.ownKeys(globalThis)) if (!before.has(key)) console.log(String(key));`,
    );
    deepStrictEqual(ran, { code: 0, signal: null, stdout: "", stderr: "" });
  });
});

/** What ends the process, speaks for the program, or is shared by all that use smelt in one process. */
const FORBIDDEN: readonly RegExp[] = [
  /\bDeno\.exit(?:Code)?\b/,
  /\bprocess\.exit/,
  /\bconsole\./,
  /\bDeno\.std(?:in|out|err)\b/,
  /\bDeno\.chdir\b/,
  /\bDeno\.env\.(?:set|delete)\b/,
  /\bDeno\.addSignalListener\b/,
  /\bglobalThis\b/,
  /^(?:export )?(?:let|var) /m,
  /^(?:export )?const \w+(?:: (?!Readonly)[^=]+)? = new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)/m,
];

Deno.test("nothing that mod.ts loads ends the process, prints, or keeps anything between two uses", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", "mod.ts"] }).output();
  const { modules }: { modules: readonly { readonly specifier: string }[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const own = modules.filter(({ specifier }) => specifier.startsWith(ROOT.href)).map(({ specifier }) =>
    new URL(specifier)
  );
  ok(own.length > 200);
  const found: string[] = [];
  for (const url of own) {
    const source = await Deno.readTextFile(url);
    for (const pattern of FORBIDDEN) {
      const hit = pattern.exec(source)?.[0];
      if (hit !== undefined) found.push(`${url.pathname.slice(ROOT.pathname.length)}: ${hit}`);
    }
  }
  deepStrictEqual(found, []);
});
