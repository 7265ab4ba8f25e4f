import { deepStrictEqual } from "node:assert/strict";
import type { JsonObject } from "../engine/json.ts";
import type { Digest } from "./digest.ts";
import { imageConfig, type RunSettings } from "./image_config.ts";

const SETTINGS: RunSettings = {
  entrypoint: ["/app/web"],
  args: [],
  env: {},
  labels: {},
  user: undefined,
  workdir: undefined,
  ports: [],
  stopSignal: undefined,
};
const CREATED = "1970-01-01T00:00:00Z";
const DIFF_ID = `sha256:${"11".repeat(32)}` as Digest;
const BASE_DIFF_ID = `sha256:${"22".repeat(32)}`;

function config(base: JsonObject, settings: Partial<RunSettings> = {}): JsonObject {
  return imageConfig(base, {
    platform: { os: "linux", architecture: "arm64", variant: undefined },
    settings: { ...SETTINGS, ...settings },
    layers: [{ diffId: DIFF_ID, createdBy: "image build web" }],
    created: CREATED,
  });
}

Deno.test("imageConfig() from scratch runs the program as nobody, with a PATH", () => {
  deepStrictEqual(config({}), {
    architecture: "arm64",
    os: "linux",
    created: CREATED,
    config: {
      Entrypoint: ["/app/web"],
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      User: "65532:65532",
    },
    rootfs: { type: "layers", diff_ids: [DIFF_ID] },
    history: [{ created: CREATED, created_by: "image build web" }],
  });
});

Deno.test("imageConfig() keeps what the base says, also what it does not know, and replaces what is ours", () => {
  const base = {
    architecture: "amd64",
    os: "linux",
    variant: "v3",
    author: "somebody",
    "os.version": "1",
    created: "2020-01-01T00:00:00Z",
    config: {
      Cmd: ["/bin/base"],
      Env: ["PATH=/base", "A=1", "B=2"],
      ExposedPorts: { "1/tcp": {} },
      Healthcheck: { Test: ["NONE"] },
      Labels: { a: "base", b: "base" },
      StopSignal: "SIGINT",
      User: "1000",
      Volumes: { "/data": {} },
      WorkingDir: "/base",
    },
    rootfs: { type: "layers", diff_ids: [BASE_DIFF_ID] },
    history: [{ created_by: "base" }, { created_by: "ENV", empty_layer: true }],
  };
  const ours = { args: ["--port", "80"], env: { A: "9", C: "3" }, labels: { b: "ours" }, ports: ["80/tcp"] };
  const { variant: _variant, ...rest } = base;
  deepStrictEqual(config(base, ours), {
    ...rest,
    architecture: "arm64",
    created: CREATED,
    config: {
      ...base.config,
      Entrypoint: ["/app/web"],
      Cmd: ["--port", "80"],
      Env: ["PATH=/base", "B=2", "A=9", "C=3"],
      ExposedPorts: { "1/tcp": {}, "80/tcp": {} },
      Labels: { a: "base", b: "ours" },
    },
    rootfs: { type: "layers", diff_ids: [BASE_DIFF_ID, DIFF_ID] },
    history: [...base.history, { created: CREATED, created_by: "image build web" }],
  });
});

Deno.test("imageConfig() runs as root only where that was asked for", () => {
  const userOf = (base: string | undefined, user?: string) => {
    const made = config(base === undefined ? {} : { config: { User: base } }, { user });
    return (made["config"] as JsonObject)["User"];
  };
  for (const root of ["", "0", "root", "0:0", "root:root"]) {
    deepStrictEqual(userOf(root), "65532:65532", root);
  }
  deepStrictEqual(userOf("1000:1000"), "1000:1000");
  deepStrictEqual(userOf("1000", "0"), "0");
});
