import { deepStrictEqual, match } from "node:assert/strict";
import { ok } from "../../engine/result.ts";
import { type CredentialSources, findCredential } from "./credentials.ts";

interface Machine {
  readonly variables?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly programs?: Readonly<Record<string, { readonly success: boolean; readonly stdout: string }>>;
}

async function found(machine: Machine, host = "ghcr.io", repository = "me/app"): Promise<unknown> {
  const { files = {}, programs = {}, variables = { HOME: "/home/me" } } = machine;
  const sources: CredentialSources = {
    readVariable: (name) => variables[name],
    readText: (path) => {
      const file = files[path];
      return Promise.resolve(
        ok(file === undefined || typeof file === "string" ? file : JSON.stringify(file)),
      );
    },
    run: (program) => Promise.resolve(ok(programs[program])),
  };
  const credential = await findCredential(sources, host, repository);
  if (!credential.ok) return credential.error.message;
  const { value } = credential;
  return value?.kind === "password" ? `${value.user}:${value.password}` : value?.token;
}

function auth(user: string, password = "pw"): { readonly auth: string } {
  return { auth: btoa(`${user}:${password}`) };
}

Deno.test("findCredential() asks the places in their order, and takes the longest path of a file", async () => {
  const docker = {
    auths: { "ghcr.io": auth("docker"), "ghcr.io/me": auth("longer"), "ghcr.io/other": auth("other") },
  };
  const podman = { auths: { "ghcr.io": auth("podman"), "quay.io": auth("quay") } };
  const files = { "/home/me/.docker/config.json": docker, "/run/containers/auth.json": podman };
  const variables = { HOME: "/home/me", XDG_RUNTIME_DIR: "/run" };
  deepStrictEqual(await found({ files, variables }), "longer:pw");
  deepStrictEqual(await found({ files, variables }, "ghcr.io", "you/app"), "docker:pw");
  deepStrictEqual(await found({ files, variables }, "quay.io"), "quay:pw");
  deepStrictEqual(await found({ files, variables }, "example.com"), undefined);
  const inline = JSON.stringify({ auths: { "ghcr.io": auth("inline") } });
  deepStrictEqual(
    await found({ files, variables: { ...variables, DOCKER_AUTH_CONFIG: inline } }),
    "inline:pw",
  );
  const other = { "/etc/auth.json": { auths: { "ghcr.io": auth("named") } } };
  deepStrictEqual(
    await found({
      files: { ...files, ...other },
      variables: { ...variables, REGISTRY_AUTH_FILE: "/etc/auth.json" },
    }),
    "named:pw",
  );
});

Deno.test("findCredential() knows the spellings of old, passwords with colons, and refresh tokens", async () => {
  const inline = (auths: unknown) => ({ variables: { DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) } });
  deepStrictEqual(
    await found(inline({ "https://index.docker.io/v1/": auth("hub") }), "docker.io", "library/x"),
    "hub:pw",
  );
  deepStrictEqual(await found(inline({ "https://ghcr.io": auth("old", "a:b") })), "old:a:b");
  deepStrictEqual(
    await found(inline({ "ghcr.io": { identitytoken: "refresh", auth: btoa("x:") } })),
    "refresh",
  );
  deepStrictEqual(await found(inline({ "ghcr.io": { username: "u", password: "p" } })), "u:p");
  deepStrictEqual(await found(inline({ "ghcr.io": {} })), undefined);
});

Deno.test("6.4 no. 10 and 11: a helper program is asked first; one that has none is passed over, one that fails is told", async () => {
  const config = {
    credHelpers: { "ghcr.io": "gh" },
    credsStore: "store",
    auths: { "ghcr.io": auth("file") },
  };
  const files = { "/home/me/.docker/config.json": config };
  const ask = (stdout: string, success: boolean) =>
    found({ files, programs: { "docker-credential-gh": { success, stdout } } });
  const [works, fails] = [true, false];
  deepStrictEqual(await ask('{"Username":"u","Secret":"s"}', works), "u:s");
  deepStrictEqual(await ask('{"Username":"<token>","Secret":"s"}', works), "s");
  deepStrictEqual(await ask("credentials not found in native keychain\n", fails), "file:pw");
  deepStrictEqual(
    await ask("the keychain is locked", fails),
    'Cannot get a credential from "docker-credential-gh": it failed',
  );
  deepStrictEqual(
    await ask("garbage", works),
    'Cannot get a credential from "docker-credential-gh": it printed none',
  );
  match(String(await found({ files })), /there is no such program on the PATH$/);
  const evil = { "/home/me/.docker/config.json": { credsStore: "../../bin/sh" } };
  match(String(await found({ files: evil })), /^Cannot use the credential helper "\.\.\/\.\.\/bin\/sh"/);
});

Deno.test("6.4 no. 10: a source that is broken is told, without what it holds", async () => {
  const files = (text: unknown) => ({ files: { "/home/me/.docker/config.json": text } });
  deepStrictEqual(
    await found(files("{ hunter2")),
    "Cannot read credentials from /home/me/.docker/config.json: it is no JSON object",
  );
  const broken = String(await found(files({ auths: { "ghcr.io": { auth: "hunter2!" } } })));
  match(broken, /its "auth" is not base64/);
  match(broken, /^(?!.*hunter2)/);
});
