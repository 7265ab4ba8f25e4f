import { ok, strictEqual } from "node:assert/strict";
import { type ComparedImage, firstDifference } from "./first_difference.ts";
import { type TarFile, writeTar } from "./tar.ts";

const encoder = new TextEncoder();

function file(path: string, text: string, mode = 0o644): TarFile {
  return { path, mode, bytes: encoder.encode(text) };
}

function image(
  files: readonly TarFile[],
  rest: Partial<ComparedImage> & { readonly mtime?: number } = {},
): ComparedImage {
  const archive = writeTar(files, rest.mtime ?? 0);
  ok(archive.ok);
  const diffId = `diff of ${
    JSON.stringify(files.map(({ bytes, ...each }) => [each, [...bytes]]))
  } ${rest.mtime}`;
  return {
    platform: "linux/amd64",
    annotations: {},
    config: { rootfs: { diff_ids: ["base", diffId] } },
    archives: new Map([[diffId, archive.value]]),
    ...rest,
  };
}

const WEB = [file("app/web", "one two", 0o755), file("etc/passwd", "x")];

function told(after: ComparedImage): string | undefined {
  return firstDifference([image(WEB)], [after]);
}

Deno.test("firstDifference() names the first entry of a layer that differs, and in what", () => {
  strictEqual(told(image(WEB)), undefined);
  strictEqual(
    told(image([file("app/web", "one TWO", 0o755), file("etc/passwd", "y")])),
    "linux/amd64: layer 2: /app/web differs from byte 4 on (7 bytes)",
  );
  strictEqual(
    told(image([file("app/web", "one two!", 0o755), file("etc/passwd", "x")])),
    "linux/amd64: layer 2: /app/web differs from byte 7 on (8 bytes, not 7)",
  );
  strictEqual(
    told(image([file("app/web", "one two", 0o700), file("etc/passwd", "x")])),
    "linux/amd64: layer 2: /app/web has mode 700, not 755",
  );
  strictEqual(told(image(WEB, { mtime: 9 })), "linux/amd64: layer 2: /app is of 9, not 0");
  strictEqual(told(image([...WEB, file("etc/z", "")])), "linux/amd64: layer 2: /etc/z is new");
  strictEqual(told(image(WEB.slice(0, 1))), "linux/amd64: layer 2: /etc is gone");
  strictEqual(
    told(image([file("app/api", ""), ...WEB])),
    "linux/amd64: layer 2: /app/api stands where /app/web was",
  );
});

Deno.test("firstDifference() names what differs beside the layers, and never calls different images equal", () => {
  const { config } = image(WEB);
  strictEqual(
    told(image(WEB, { config: { ...config, config: { User: "0" } } })),
    'linux/amd64: config.config is {"User":"0"}, not null',
  );
  strictEqual(
    told(image(WEB, { annotations: { a: "1" } })),
    'linux/amd64: annotations.a is "1", not null',
  );
  strictEqual(
    told(image(WEB, { platform: "linux/arm64" })),
    "the platforms are linux/arm64, not linux/amd64",
  );
  const other = { rootfs: { diff_ids: ["base 2", "x"] } };
  strictEqual(
    told(image(WEB, { config: other })),
    "linux/amd64: layer 1: it is base 2, not base",
  );
  const damaged = image(WEB, {
    archives: new Map([["x", encoder.encode("no tar")]]),
    config: { rootfs: { diff_ids: ["base", "x"] } },
  });
  ok(/^linux\/amd64: layer 2: it is x, not diff of /.test(told(damaged) ?? ""));
});
