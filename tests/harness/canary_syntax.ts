/** A text that no program makes by chance, with characters that JSON, URLs and shells write otherwise. */
export function canary(name: string): string {
  return `Cnry/${name}+7q&Z=w9`;
}

/** A way in which a secret gets into what is wanted. Names of resources begin with that of the row. */
export interface CanarySyntax {
  /** Letters only. */
  readonly name: string;
  /** What stands in the files; `quoted` is the canary between quotes. */
  readonly source: (quoted: string) => string;
  /** The resource whose commands are run with its address. */
  readonly address: string;
  /** Variables of the process that hold the canary. */
  readonly variable?: string;
  /** What `smelt.toml` says of the environment beside its first record, for example `vars`. */
  readonly settings?: (quoted: string) => string;
}

/** Every way that there is. A new one is a new row. */
export const CANARY_SYNTAXES: readonly CanarySyntax[] = [
  {
    name: "direct",
    address: "data.direct",
    source: (text) => `resource data "direct" : local.Data { input { own = secret(${text}) } }`,
  },
  {
    name: "nested",
    address: "data.nested",
    source: (text) =>
      `resource data "nested" : local.Data { input { deep = { list = ["a", { er = [secret(${text})] }] } } }`,
  },
  {
    name: "interpolation",
    address: "data.interpolation",
    source: (text) => `
component "joining" {
  param token : String
  resource data "inner" : local.Data { input { url = "https://user:\${param.token}@host/?a=1" list = ["x\${param.token}"] } }
}
use "joining" as "interpolation" { token = secret(${text}) }
resource data "interpolation" : local.Data { needs interpolation__data.inner.url -> input.copied }`,
  },
  {
    name: "component",
    address: "component__data.inner",
    source: (text) => `
component "holding" {
  param token : String
  resource data "inner" : local.Data { input { plain = param.token } }
}
use "holding" as "component" { token = secret(${text}) }`,
  },
  {
    name: "inComponent",
    address: "twice__data.inner",
    source: (text) => `
component "within" { resource data "inner" : local.Data { input { own = secret(${text}) } } }
use "within" as "twice" { }`,
  },
  {
    name: "layer",
    address: "data.layer",
    source: (text) => `
resource data "layer" : local.Data { input { own = "plain" } }
layer "canary" over "base" { override data.layer { input { own = secret(${text}) } } }`,
    settings: () => `layers = ["base", "canary"]`,
  },
  {
    name: "eachValue",
    address: "data.eachValue[a]",
    source: (text) =>
      `resource data "eachValue" : local.Data { for_each = { a = secret(${text}) } input { own = each.value } }`,
  },
  {
    name: "eachElement",
    address: "data.eachElement[0]",
    source: (text) =>
      `resource data "eachElement" : local.Data { for_each = [secret(${text}), "b"] input { own = each.value key = each.key } }`,
  },
  {
    name: "counted",
    address: "data.counted[1]",
    source: (text) => `resource data "counted" : local.Data { count = 2 input { own = secret(${text}) } }`,
  },
  {
    name: "binding",
    address: "data.binding",
    source: (text) => `
resource data "bound" : local.Data { input { own = secret(${text}) } }
resource data "binding" : local.Data { needs data.bound.own -> input.copied }
output bound = data.binding.copied`,
  },
  {
    name: "sensitiveField",
    address: "db.sensitiveField",
    source: (text) =>
      `resource db "sensitiveField" : sim.Database { name = "field" engine = "postgres" storage_gb = 10 password = ${text} }`,
  },
  {
    name: "variable",
    address: "db.variable",
    source: () =>
      `resource db "variable" : sim.Database { name = "variable" engine = "postgres" storage_gb = 10 password = env("CANARY_VALUE") }`,
    variable: "CANARY_VALUE",
  },
  {
    name: "setting",
    address: "db.setting",
    source: () =>
      `resource db "setting" : sim.Database { name = "setting" engine = "postgres" storage_gb = 10 password = var.canary }`,
    settings: (text) => `vars = { canary = ${text} }`,
  },
  {
    name: "unmarkedField",
    address: "net.unmarkedField",
    source: (text) =>
      `resource net "unmarkedField" : sim.Network { name = "unmarked" cidr = "10.9.0.0/16" tags = { note = secret(${text}) } }`,
  },
  {
    name: "file",
    address: "file.file",
    source: (text) =>
      `resource file "file" : local.File { path = "out/given.txt" sensitive_content = ${text} }`,
  },
  {
    name: "lines",
    address: "data.lines",
    source: (text) =>
      `resource data "lines" : local.Data { input { pem = secret("-----BEGIN-----\\n${
        text.slice(1, -1)
      }\\n-----END-----") } }`,
  },
];
