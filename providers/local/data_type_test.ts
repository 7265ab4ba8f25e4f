import { deepStrictEqual } from "node:assert/strict";
import { create, fieldsOf, tokenOf, update, valueOf } from "../test_calls.ts";
import { localProvider } from "./local_provider.ts";

const TYPE = "local.Data";

Deno.test("local.Data gives each field of its input back as an output, and changes in place", async () => {
  const provider = localProvider("/");
  const fields = { triggers_replace: 1, input: fieldsOf({ region: "eu", ports: [80, 443] }) };
  const made = valueOf(await create(provider, TYPE, fields));
  deepStrictEqual(made, {
    id: tokenOf(1),
    fields: fieldsOf(fields),
    outputs: fieldsOf({ region: "eu", ports: [80, 443] }),
  });
  const changed = valueOf(await update(provider, TYPE, made, { input: fieldsOf({ region: "us" }) }));
  deepStrictEqual([changed.id, changed.outputs], [made.id, fieldsOf({ region: "us" })]);
});

Deno.test("local.Data without input has no outputs", async () => {
  deepStrictEqual(valueOf(await create(localProvider("/"), TYPE, {})).outputs, fieldsOf({}));
});

Deno.test("local.Data replaces itself by schema when its trigger changes, and needs no permission", () => {
  const provider = localProvider("/");
  const schema = provider.schemas.find((each) => each.type === TYPE);
  deepStrictEqual(
    schema?.sections.flatMap((each) => each.fields).filter((each) => each.immutable).map((each) => each.name),
    ["triggers_replace"],
  );
  deepStrictEqual(provider.permissions(TYPE, fieldsOf({})), []);
});
