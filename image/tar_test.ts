import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { sha256 } from "./sha256_fixture_test.ts";
import { type TarFile, writeTar } from "./tar.ts";
import { openTarNames, tarNames } from "./tar_names.ts";

const encoder = new TextEncoder();
const MTIME = 1_700_000_000;

function file(path: string, text = path, mode = 0o644): TarFile {
  return { path, mode, bytes: encoder.encode(text) };
}

function written(files: readonly TarFile[], mtime = MTIME): Uint8Array<ArrayBuffer> {
  const archive = writeTar(files, mtime);
  ok(archive.ok, archive.ok ? "" : archive.error);
  return archive.value;
}

const FILES: readonly TarFile[] = [
  file("b", ""),
  file("a/z"),
  file("a-b", "x".repeat(512)),
  file("a/bin/tool", "#!x", 0o755),
  file("a.b/c", "x".repeat(513)),
  file(`${"d".repeat(90)}/${"e".repeat(60)}/${"f".repeat(99)}`),
  file("ünïcode/Ä"),
];

async function gnuTar(files: readonly TarFile[], mtime: number): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir();
  try {
    for (const { path, mode, bytes } of files) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o755 });
      await Deno.writeFile(join(folder, path), bytes);
      await Deno.chmod(join(folder, path), mode);
    }
    const tops = [...new Set(files.map(({ path }) => path.split("/")[0] ?? ""))];
    const sorted = tops.map((each) => encoder.encode(each)).toSorted((a, b) => compare(a, b));
    const names = sorted.map((each) => new TextDecoder().decode(each));
    const flags = [
      "--format=ustar",
      "--sort=name",
      `--mtime=@${mtime}`,
      "--owner=0",
      "--group=0",
      "--numeric-owner",
    ];
    const args = ["-b1", ...flags, "--mode=u=rwX,go=rX", "-cf", "-", ...names];
    const ran = await new Deno.Command("tar", { args, cwd: folder, env: { LC_ALL: "C" } }).output();
    ok(ran.success, new TextDecoder().decode(ran.stderr));
    return ran.stdout;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const [left, right] = [a.toHex(), b.toHex()];
  return left < right ? -1 : 1;
}

Deno.test("writeTar() writes the very bytes of GNU tar's ustar, names sorted, owners and times set", async () => {
  const [ours, theirs] = [written(FILES), await gnuTar(FILES, MTIME)];
  deepStrictEqual(sha256(ours), sha256(theirs));
});

Deno.test("writeTar() writes equal bytes for files in any order", () => {
  const whole = written(FILES);
  fc.assert(fc.property(fc.shuffledSubarray([...FILES], { minLength: FILES.length }), (files) => {
    deepStrictEqual(written(files), whole);
  }));
});

Deno.test("a name that fits no header gets an extended one, which GNU tar reads back", async () => {
  const path = `${"x".repeat(120)}/${"ä".repeat(80)}`;
  const archive = written([file(path, "deep"), file("short")]);
  const ran = new Deno.Command("tar", {
    args: ["-tf", "-"],
    stdin: "piped",
    stdout: "piped",
    env: { LC_ALL: "C.UTF-8" },
  })
    .spawn();
  const writer = ran.stdin.getWriter();
  await writer.write(archive);
  await writer.close();
  const { stdout } = await ran.output();
  const folder = path.slice(0, 121);
  const names = new TextDecoder().decode(stdout).trimEnd().split("\n");
  deepStrictEqual(names, ["short", folder, path]);
  const read = tarNames(archive);
  ok(read.ok);
  deepStrictEqual(read.value.map((each) => each.path), ["short", folder.slice(0, -1), path]);
});

Deno.test("writeTar() refuses paths that lead elsewhere, clash, or stand there twice", () => {
  const refused = (paths: readonly string[]) => {
    const archive = writeTar(paths.map((path) => file(path)), 0);
    return archive.ok ? "" : archive.error;
  };
  strictEqual(refused(["a/../b"]), '"a/../b" has a part "." or ".."');
  strictEqual(refused(["/etc/x"]), '"/etc/x" has an empty part');
  strictEqual(refused(["./x"]), '"./x" has a part "." or ".."');
  strictEqual(refused([""]), '"" has an empty part');
  strictEqual(refused(["a\0b"]), "a path holds a NUL");
  strictEqual(refused(["\ud800"]), "a path is not whole Unicode");
  strictEqual(refused(["a", "a"]), '"a" stands there twice');
  strictEqual(refused(["a", "a/b"]), '"a" is both a file and a folder');
  strictEqual(refused(["a/b", "a"]), '"a" is both a file and a folder');
});

Deno.test("tarNames() lists what writeTar() wrote, whatever the names", () => {
  const part = fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).filter((each) =>
    !/[/\0]/.test(each) && each !== "." && each !== ".." && each.isWellFormed()
  );
  const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
  fc.assert(fc.property(fc.uniqueArray(path, { maxLength: 6 }), (paths) => {
    const archive = writeTar(paths.map((each) => file(each)), 0);
    fc.pre(archive.ok);
    const names = tarNames(archive.value);
    ok(names.ok, names.ok ? "" : names.error);
    const files = names.value.filter(({ type }) => type === "0").map((each) => each.path);
    deepStrictEqual(new Set(files), new Set(paths));
  }));
});

Deno.test("openTarNames() reads an archive in pieces of any size as it reads it whole", () => {
  const whole = written([...FILES, file(`${"x".repeat(120)}/${"ä".repeat(80)}`)]);
  const wanted = tarNames(whole);
  ok(wanted.ok);
  fc.assert(fc.property(fc.integer({ min: 1, max: 1500 }), (sizeBytes) => {
    const reader = openTarNames();
    for (let at = 0; at < whole.length; at += sizeBytes) reader.push(whole.subarray(at, at + sizeBytes));
    deepStrictEqual(reader.end(), wanted);
  }));
});

Deno.test("tarNames() says of any bytes that they are an archive or why not, and never throws", () => {
  const whole = written(FILES);
  fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
    const changed = whole.slice();
    changed[at] = byte;
    tarNames(changed);
    tarNames(whole.subarray(0, at));
  }));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => void tarNames(bytes)));
  const cut = tarNames(whole.subarray(0, 700));
  strictEqual(cut.ok ? "" : cut.error.replace(/\d+/, "N"), "it has no end");
});
