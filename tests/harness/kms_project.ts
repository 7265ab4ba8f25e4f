import { systemClock } from "../../actors/system_clock.ts";
import { systemRandom } from "../../actors/system_random.ts";
import { runProgram } from "../../cli/program.ts";
import { reportThrown } from "../../cli/report_thrown.ts";
import { createEnvironment } from "../../compose/create_environment.ts";
import { openEnvironment } from "../../compose/open_environment.ts";
import { StoredSecrets } from "../../compose/stored_secrets.ts";
import { systemPorts } from "../../compose/system_ports.ts";
import type { Clock } from "../../engine/clock.ts";
import { SecretRegister } from "../../engine/secret_register.ts";
import type { ProjectPorts } from "../../project/project_ports.ts";
import { fakeContext } from "../support/fake_context.ts";
import type { InnerRan } from "./inner_program.ts";
import { KMS_CREDENTIALS, KMS_REGION } from "./kms_server.ts";
import type { TestProject } from "./test_project.ts";

/** The variables of whoever may use the KMS at `url`. */
export function kmsVariables(url: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_KMS: url,
    AWS_REGION: KMS_REGION,
    AWS_ACCESS_KEY_ID: KMS_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KMS_CREDENTIALS.secretAccessKey,
  };
}

/** Runs the command line in the process of the test, with these variables and no others. */
export async function runWithKms(
  project: TestProject,
  args: readonly string[],
  { variables, clock = systemClock }: {
    readonly variables: Readonly<Record<string, string>>;
    readonly clock?: Clock;
  },
): Promise<InnerRan> {
  const fake = fakeContext("file");
  const known = new Map(Object.entries({ ...variables, SMELT_STATE_HOME: project.place.stateFolder }));
  const readVariable = (name: string) => known.get(name);
  const host = Deno.hostname();
  const parts = { workingFolder: project.root, readVariable, host, who: "tester", launch: undefined };
  const secrets = new SecretRegister();
  const stored = new StoredSecrets();
  const outside = { clock, random: systemRandom, readVariable, host, secrets, stored };
  const ports: ProjectPorts = {
    ...systemPorts(parts),
    clock,
    openEnvironment: (paths, wanted) => openEnvironment(outside, paths, wanted),
    createEnvironment: (paths, wanted) => createEnvironment(outside, paths, wanted),
  };
  const context = { ...fake, ports };
  const code = await runProgram(context, args).catch((thrown: unknown) =>
    reportThrown(context, thrown, args)
  );
  return { code, stdout: fake.out.text, stderr: fake.err.text };
}
