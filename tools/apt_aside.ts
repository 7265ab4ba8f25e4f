/** Debian's packages beside the system, which stays as it is: the lists and caches are thrown away. */
import { join } from "node:path";
import { runStep, works } from "./run_step.ts";

/** Downloads a package with apt's own options, takes it apart, and hands `use` the folder of what was in it. */
export function unpackAside(
  name: string,
  optionsIn: (work: string) => readonly string[],
  use: (unpacked: string) => void,
): void {
  if (!works("apt-get", ["--version"])) return;
  const work = Deno.makeTempDirSync({ prefix: "smelt-setup-" });
  try {
    for (const each of ["lists/partial", "cache/archives/partial"]) {
      Deno.mkdirSync(join(work, each), { recursive: true });
    }
    const options = [
      ...optionsIn(work),
      `Dir::State::lists=${join(work, "lists")}`,
      `Dir::Cache=${join(work, "cache")}`,
      "APT::Sandbox::User=",
    ].flatMap((each) => ["-o", each]);
    const isHere = runStep("apt-get", ["-q", ...options, "update"]) &&
      runStep("apt-get", ["-q", ...options, "download", name], { cwd: work });
    const packed = [...Deno.readDirSync(work)].find((each) => each.name.endsWith(".deb"));
    if (!isHere || packed === undefined) return;
    const unpacked = join(work, "unpacked");
    if (runStep("dpkg-deb", ["-x", join(work, packed.name), unpacked])) use(unpacked);
  } finally {
    Deno.removeSync(work, { recursive: true });
  }
}
