import { deepStrictEqual, ok } from "node:assert/strict";
import { systemPorts } from "../compose/system_ports.ts";
import { err, ok as good, type Result } from "../engine/result.ts";
import { openProject } from "../mod.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPorts } from "../project/project_ports.ts";
import { validateProject } from "../project/validate_project.ts";

const STACK = `resource password "orders" : random.Password {
  length = 20
}

resource data "orders" : local.Data {
  @ignore_changes "inptu"

  needs password.orders.reslt -> input.password
}

output length = password.orders.lenth
`;

/** What every command must say of the stack: code, place and hint. */
const FOUND = [
  ["E-UNKNOWN-OUTPUT", "main.smelt:8:3", 'Did you mean "result"?'],
  ["E-UNKNOWN-FIELD", "main.smelt:6:3", 'Did you mean "input"?'],
  ["E-UNKNOWN-OUTPUT", "main.smelt:11:1", 'Did you mean "length"?'],
];

function foundIn({ diagnostics }: ProjectFailure): unknown {
  return diagnostics?.map(({ code, file, line, column, hint }) => [code, `${file}:${line}:${column}`, hint]);
}

/** A validation with errors as the failure that plan and apply have. */
async function validationOf(ports: ProjectPorts): Promise<Result<unknown, ProjectFailure>> {
  const request = { files: [], environment: undefined, strictness: "errors" } as const;
  const validated = await validateProject(ports, request);
  if (!validated.ok) return validated;
  const { failure } = validated.value;
  return failure === undefined ? good(validated.value) : err(failure);
}

Deno.test("validate, plan and apply alike say where an output is needed that its type cannot have", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/main.smelt`, STACK);
    const project = openProject({ folder, who: "test" });
    ok((await project.init()).ok);
    const ports = systemPorts({
      workingFolder: folder,
      readVariable: () => undefined,
      host: "here",
      who: "test",
      launch: undefined,
    });
    const answers = [
      await validationOf(ports),
      await project.plan(),
      await project.apply({ approve: () => true }).result(),
    ];
    for (const answer of answers) {
      ok(!answer.ok);
      deepStrictEqual(foundIn(answer.error), FOUND);
    }
    deepStrictEqual(await project.resources(), { ok: true, value: [] });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
