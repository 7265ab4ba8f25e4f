import { deepStrictEqual } from "node:assert/strict";
import { readCargoSettings } from "./cargo_settings.ts";

Deno.test("readCargoSettings() finds every file that sets flags, also for some targets, and linkers", () => {
  const text = `alias.b = "build" # /w/.cargo/config.toml
build.rustflags = [
    "-C", # /home/me/.cargo/config.toml
    "debuginfo=2", # /w/.cargo/config.toml
]
build.jobs = 2 # /w/.cargo/jobs.toml
net.retry = [
    "x", # /w/.cargo/other.toml
]
target."cfg(all(unix, target_os = \\"linux\\"))".rustflags = "-C a = b" # /w/cfg.toml
target.aarch64-unknown-linux-gnu.linker = "aarch64-linux-gnu-gcc" # /w/.cargo/config.toml
# The following environment variables may affect the loaded values.
# CARGO_HOME=/home/me/.cargo
`;
  const { flagOrigins, linkers } = readCargoSettings(text);
  deepStrictEqual(flagOrigins, ["/home/me/.cargo/config.toml", "/w/.cargo/config.toml", "/w/cfg.toml"]);
  deepStrictEqual([...linkers], [["aarch64-unknown-linux-gnu", "aarch64-linux-gnu-gcc"]]);
  deepStrictEqual(readCargoSettings("").flagOrigins, []);
});
