import { ok } from "node:assert/strict";
import { run } from "../cli/command/schema.ts";
import { columnCount } from "../cli/column_count.ts";
import { PROSE_COLUMNS } from "../cli/wrap_text.ts";
import { listSchemas } from "../project/find_schema.ts";
import { portsOf } from "./harness/project_ports.ts";
import { emptyProject } from "./harness/test_project.ts";
import { fakeContext } from "./support/fake_context.ts";

Deno.test("schema prints no line that is too long to read, for any type", async () => {
  await using project = await emptyProject();
  const ports = portsOf(project);
  const types = (await listSchemas(ports)).map(({ type }) => [type]);
  for (const args of [[], ...types]) {
    const fake = fakeContext("file");
    await run({ ...fake, ports }, {
      args,
      format: "text",
      flag: () => false,
      text: () => undefined,
      texts: () => [],
      wholeNumber: () => undefined,
    });
    ok(fake.out.lines.length > 0);
    for (const each of fake.out.lines) ok(columnCount(each) <= PROSE_COLUMNS, `${args.join(" ")}: ${each}`);
  }
});
