import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type TestFolder, testFolder } from "./_test_image.ts";
import { refused, startRegistry, type TestRegistry } from "./_test_registry.ts";

const PLACE = { layout: "out", tag: "v1", tags: [], insecure: [], caFile: undefined } as const;
const PASSWORD = "hunter2-canary";
const BASIC = `Basic ${btoa(`me:${PASSWORD}`)}`;

/** Everything that one request said of who sends it. */
interface Heard {
  readonly path: string;
  readonly authorization: string | null;
}

async function push({ tools }: TestFolder, { host }: TestRegistry): Promise<string> {
  const result = await tools.push({ ...PLACE, to: `${host}/me/web:v1` });
  return result.ok ? "pushed" : result.error.message;
}

function authsOf(host: string): string {
  return JSON.stringify({ auths: { [host]: { auth: btoa(`me:${PASSWORD}`) } } });
}

/** A folder with an image, whose environment holds a password for the registry that `start` gives. */
async function withImage(
  start: (heard: Heard[]) => TestRegistry,
  run: (test: TestFolder, registry: TestRegistry, heard: readonly Heard[]) => Promise<void>,
  config: (host: string) => string = authsOf,
): Promise<void> {
  const heard: Heard[] = [];
  await using registry = start(heard);
  await using test = await testFolder({ DOCKER_AUTH_CONFIG: config(registry.host) });
  await test.build();
  await run(test, registry, heard);
}

function hear(heard: Heard[], request: Request): void {
  heard.push({ path: new URL(request.url).pathname, authorization: request.headers.get("authorization") });
}

Deno.test("6.4 no. 3: a password goes to a registry only after it asked for one", async () => {
  const start = (heard: Heard[]) =>
    startRegistry({
      fault: (request) => {
        hear(heard, request);
        return request.headers.get("authorization") === BASIC
          ? undefined
          : refused(401, "UNAUTHORIZED", { "www-authenticate": 'Basic realm="here"' });
      },
    });
  await withImage(start, async (test, registry, heard) => {
    strictEqual(await push(test, registry), "pushed");
    strictEqual(heard[0]?.authorization, null);
    ok(heard.slice(1).every(({ authorization }) => authorization === BASIC));
  });
  await withImage(start, async (test, registry) => {
    match(await push(test, registry), /answered 401, not signed in$/);
  }, () => "{}");
});

Deno.test("6.4 no. 3: a token is fetched where the registry says, for this repository, and used until it ends", async () => {
  const asked: URL[] = [];
  await using tokens = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(new URL(request.url));
    return request.headers.get("authorization") === BASIC
      ? Response.json({ token: "tok", expires_in: 300 })
      : refused(401, "UNAUTHORIZED");
  });
  const realm = `http://127.0.0.1:${tokens.addr.port}/token`;
  const start = (heard: Heard[]) =>
    startRegistry({
      fault: (request) => {
        hear(heard, request);
        const challenge = `Bearer realm="${realm}",service="reg",scope="repository:other:pull"`;
        return request.headers.get("authorization") === "Bearer tok"
          ? undefined
          : refused(401, "UNAUTHORIZED", { "www-authenticate": challenge });
      },
    });
  await withImage(start, async (test, registry, heard) => {
    strictEqual(await push(test, registry), "pushed");
    strictEqual(asked.length, 1);
    deepStrictEqual(asked[0]?.searchParams.getAll("scope"), ["repository:me/web:pull,push"]);
    strictEqual(asked[0]?.searchParams.get("service"), "reg");
    ok(heard.every(({ authorization }) => authorization === null || authorization === "Bearer tok"));
  });
});

Deno.test("6.4 no. 10: a realm in a private network gets nothing, unless the registry is on this machine itself", async () => {
  const realms = ["ftp://example.com/token", "http://user:pw@127.0.0.1/token", "not a url", ""];
  for (const realm of realms) {
    const start = () =>
      startRegistry({
        fault: () => refused(401, "UNAUTHORIZED", { "www-authenticate": `Bearer realm="${realm}"` }),
      });
    await withImage(start, async (test, registry) => {
      match(await push(test, registry), /^Cannot sign in to "localhost:\d+": it /, realm);
    });
  }
});

Deno.test("6.4 no. 10: a password is in no message, whatever the registry does with it", async () => {
  const answers = [
    () => refused(401, `UNAUTHORIZED`, { "www-authenticate": 'Basic realm="x"' }),
    (request: Request) => refused(400, `echo ${request.headers.get("authorization")}`),
  ];
  for (const answer of answers) {
    let isFirst = true;
    const start = () =>
      startRegistry({
        fault: (request) => {
          if (!isFirst) return answer(request);
          isFirst = false;
          return refused(401, "UNAUTHORIZED", { "www-authenticate": 'Basic realm="x"' });
        },
      });
    await withImage(start, async (test, registry) => {
      const told = await push(test, registry);
      ok(!told.includes(PASSWORD) && !told.includes(btoa(`me:${PASSWORD}`)), told);
    });
  }
});

Deno.test("6.4 no. 10: no credential follows a redirect to another host", async () => {
  const elsewhere: (string | null)[] = [];
  await using other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    elsewhere.push(request.headers.get("authorization"));
    return new Response(null, { status: 404 });
  });
  const start = (heard: Heard[]) =>
    startRegistry({
      fault: (request) => {
        hear(heard, request);
        if (request.headers.get("authorization") !== BASIC) {
          return refused(401, "UNAUTHORIZED", { "www-authenticate": 'Basic realm="x"' });
        }
        const location = `http://127.0.0.1:${other.addr.port}/elsewhere`;
        return request.method === "HEAD"
          ? new Response(null, { status: 307, headers: { location } })
          : undefined;
      },
    });
  await withImage(start, async (test, registry) => {
    await push(test, registry);
    ok(elsewhere.length > 0);
    ok(elsewhere.every((authorization) => authorization === null));
  });
});
