/** What the compiler says of a mistake in a program that embeds smelt, and that it says nothing of what is right. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { systemPorts } from "../compose/system_ports.ts";
import { listSchemas } from "../project/find_schema.ts";
import { RESOURCE_TYPES } from "../stack/resource_types.ts";
import { guideProgram } from "./support/guide_program.ts";
import { declarationSamples } from "./support/declaration_samples.ts";

/** One mistake in the example: what stands there, what instead, and what the compiler must say. */
interface Mistake {
  readonly about: string;
  readonly written: string;
  readonly mistaken: string;
  readonly told: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    about: "the name of a field",
    written: `cidr: "10.0.0.0/16"`,
    mistaken: `cidrs: "10.0.0.0/16"`,
    told: /'cidrs' does not exist in type 'Fields<"sim\.Network">'\. Did you mean to write 'cidr'\?/,
  },
  {
    about: "the name of a field in a section",
    written: "retention_days: 14",
    mistaken: "retention_day: 14",
    told:
      /'retention_day' does not exist in type 'SectionFields<"sim\.Database", "backup">'\. Did you mean to write 'retention_days'\?/,
  },
  {
    about: "a field that is needed",
    written: `engine: "postgres",`,
    mistaken: "",
    told:
      /Property 'engine' is missing in type .* but required in type 'RequiredFields<"sim\.Database", "">'/,
  },
  {
    about: "the kind of a field",
    written: "storage_gb: storageGb",
    mistaken: `storage_gb: "20"`,
    told: /Type 'string' is not assignable to type 'number \| bigint .*\n *storage_gb: "20"/,
  },
  {
    about: "a member of an enum",
    written: `engine: "postgres"`,
    mistaken: `engine: "postgress"`,
    told: /Type '"postgress"' is not assignable to type '.*"postgres" \| "mysql"/,
  },
  {
    about: "the kind of a binding",
    written: "password: password.result",
    mistaken: "password: password.length",
    told:
      /'Output<number \| bigint>' is not assignable to type 'Output<string>'[^]*\n *password: password\.length/,
  },
  {
    about: "the type whose id is bound",
    written: "network_id: network.id",
    mistaken: 'network_id: s.sim.Role("r", {}).id',
    told: /'Id<"sim\.Role">' is not assignable to type 'Ref<"sim\.Network">'/,
  },
  {
    about: "the type whose ids are bound in a list",
    written: "subnets.map((subnet) => subnet.id)",
    mistaken: "[network.id]",
    told: /'Id<"sim\.Network">' is not assignable to type 'Ref<"sim\.Subnet">'/,
  },
  {
    about: "the name of an output",
    written: "database.endpoint",
    mistaken: "database.endpont",
    told: /'endpont' does not exist on type 'Resource<"sim\.Database">'\. Did you mean 'endpoint'\?/,
  },
  {
    about: "the name of a type",
    written: "s.sim.Network(",
    mistaken: "s.sim.Netwrok(",
    told: /'Netwrok' does not exist on type .*Did you mean 'Network'\?/,
  },
  {
    about: "the name of an option",
    written: `owner: "team-orders"`,
    mistaken: `ownr: "team-orders"`,
    told:
      /'ownr' does not exist in type 'ResourceOptions<"sim\.Database">'\. Did you mean to write 'owner'\?/,
  },
];

const MOD = new URL("../mod.ts", import.meta.url).href;
const CONFIG = new URL("../deno.json", import.meta.url).pathname;

/** What `deno check` says of each of `programs`, which are checked in one run; empty where it says nothing. */
async function checked(programs: readonly string[]): Promise<readonly string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const files = programs.map((_, at) => `${folder}/program_${at}.ts`);
    for (const [at, file] of files.entries()) await Deno.writeTextFile(file, programs[at] ?? "");
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "-q", `--config=${CONFIG}`, ...files],
      env: { NO_COLOR: "1" },
    }).output();
    const errors = new TextDecoder().decode(stderr).split(/\n(?=TS\d+ \[ERROR\])/);
    return files.map((file) => errors.filter((each) => each.includes(`${file}:`)).join("\n"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("deno check tells of each mistake in the example where it is and what was expected, and of nothing that is right", async (t) => {
  const example = (await Deno.readTextFile("examples/embedding/shop.ts")).replace("../../mod.ts", MOD);
  const programs = MISTAKES.map(({ written, mistaken, about }) => {
    strictEqual(example.split(written).length, 2, `"${about}" changes one place`);
    return example.replace(written, mistaken);
  });
  const samples = declarationSamples(await providedSchemas(), MOD);
  const right = [example, await guideProgram(MOD), samples];
  const [ofExample, ofGuide, ofSamples, ...ofMistakes] = await checked([...right, ...programs]);
  await t.step("nothing of docs/embedding.md", () => strictEqual(ofGuide, ""));
  await t.step("nothing of the example", () => strictEqual(ofExample, ""));
  await t.step(
    "nothing of what the schemas of all providers allow and refuse",
    () => strictEqual(ofSamples, ""),
  );
  for (const [at, { about, told }] of MISTAKES.entries()) {
    const text = ofMistakes[at] ?? "";
    await t.step(about, () => {
      match(text, told);
      strictEqual(text.match(/\[ERROR\]/g)?.length, 1, `one mistake, one message\n${text}`);
    });
  }
});

Deno.test("every type that a provider knows can be declared, by the same sections and outputs", async () => {
  const seen = (each: Pick<(typeof RESOURCE_TYPES)[number], "type" | "sections" | "outputs">) =>
    JSON.stringify([each.type, each.sections, each.outputs]);
  deepStrictEqual(
    RESOURCE_TYPES.map(seen).sort(),
    (await providedSchemas()).map(({ type, sections, outputs }) => JSON.stringify([type, sections, outputs]))
      .sort(),
  );
});

function providedSchemas(): ReturnType<typeof listSchemas> {
  const about = { host: "here", who: "test", launch: undefined, readVariable: () => undefined };
  return listSchemas(systemPorts({ workingFolder: Deno.cwd(), ...about }));
}
