import { Secret } from "../../engine/value.ts";
import type { ContractSubject } from "../contract_subject.ts";
import { testProviderFailures } from "../failure_contract.ts";
import { testProviderRepeats } from "../repeat_contract.ts";
import { fieldsOf } from "../test_calls.ts";
import { localProvider } from "./local_provider.ts";

const subject: ContractSubject = {
  async open() {
    const root = await Deno.makeTempDir();
    return {
      provider: localProvider(root),
      close: () => Deno.remove(root, { recursive: true }),
    };
  },
  samples: [
    {
      type: "local.Data",
      fields: () => ({ input: fieldsOf({ a: 1 }) }),
      changes: { input: fieldsOf({ a: 2 }) },
    },
    {
      type: "local.File",
      fields: () => ({ path: "out/a.txt", content: "one", mode: "0644" }),
      changes: { content: "two" },
    },
    {
      type: "local.File",
      fields: () => ({ path: "out/key", sensitive_content: new Secret("CANARY-ONE"), mode: "0600" }),
      changes: { sensitive_content: new Secret("CANARY-TWO") },
    },
    {
      type: "local.Directory",
      fields: () => ({ path: "out/logs", mode: "0755" }),
      changes: { mode: "0700" },
    },
    {
      type: "local.Command",
      fields: () => ({
        create: ["sh", "-c", "echo $TOKEN"],
        environment: fieldsOf({ TOKEN: new Secret("CANARY") }),
      }),
      changes: { update: ["cat"], stdin: "changed" },
    },
  ],
};

testProviderRepeats("local", subject);
testProviderFailures("local", subject);
