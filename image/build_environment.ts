/** A variable that a build is to see: with a value, or as it is on this machine where that is `undefined`. */
export interface ListedVariable {
  readonly name: string;
  readonly value: string | undefined;
}

/** Variables of the environment that every build sees; nothing else of this machine's gets in unless it is listed. */
export const PASSED_VARIABLES: readonly string[] = [
  "PATH",
  "HOME",
  "CARGO_HOME",
  "RUSTUP_HOME",
  "RUSTUP_TOOLCHAIN",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

const CREDENTIAL_REGEXP =
  /^CARGO_REGISTR(?:Y|IES_[A-Z0-9_]+)_(?:TOKEN|SECRET_KEY)$|(?:PASSWORD|SECRET|TOKEN)$/;

/** By the name of a variable that a build sets itself, what says it instead. */
const OWN_VARIABLES: readonly (readonly [name: RegExp, reason: string])[] = [
  [
    /^(?:CARGO_ENCODED_RUSTFLAGS|RUSTFLAGS|CARGO_BUILD_RUSTFLAGS|CARGO_TARGET_.*_RUSTFLAGS)$/,
    "say --rustflag",
  ],
  [/^CARGO_BUILD_TARGET$/, "say --platform and --link"],
  [
    /^(?:CARGO_TARGET_DIR|CARGO_BUILD_TARGET_DIR|CARGO_BUILD_BUILD_DIR)$/,
    "each build has a folder of its own",
  ],
  [/^TMPDIR$/, "each build has a folder of its own"],
  [/^CARGO_INCREMENTAL$/, "a build of an image is never incremental"],
  [/^SOURCE_DATE_EPOCH$/, "set it for smelt itself"],
  [/^(?:LANG|LC_[A-Z]+|TZ)$/, "they are the same on every machine"],
];

/** Whether a variable holds what nobody may see. */
export function isCredential(name: string): boolean {
  return CREDENTIAL_REGEXP.test(name);
}

/** Why a variable cannot be listed, as a sentence; `undefined` when it can. */
export function variableFault({ name, value }: ListedVariable): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return `Cannot use "${name}" for --build-env: wanted NAME or NAME=VALUE`;
  }
  const own = OWN_VARIABLES.find(([pattern]) => pattern.test(name));
  if (own !== undefined) return `Cannot use "${name}" for --build-env: a build sets it itself; ${own[1]}`;
  return value !== undefined && isCredential(name)
    ? `Cannot use "${name}" for --build-env with a value, which every user of this machine could read: give the name alone`
    : undefined;
}

/** The whole environment of a build, and nothing but it. */
export function buildEnvironment(
  read: (name: string) => string | undefined,
  { epoch, listed }: { readonly epoch: number | undefined; readonly listed: readonly ListedVariable[] },
): Readonly<Record<string, string>> {
  const all = [...PASSED_VARIABLES.map((name) => ({ name, value: undefined })), ...listed];
  const passed = all.flatMap(({ name, value = read(name) }) =>
    value === undefined ? [] : [[name, value] as const]
  );
  return {
    ...Object.fromEntries(passed),
    CARGO_INCREMENTAL: "0",
    LANG: "C.UTF-8",
    SOURCE_DATE_EPOCH: `${epoch ?? 0}`,
    TZ: "UTC",
  };
}
