/** What images are made of: what is asked of audits and bills of materials, and what they answer. */

/** Formats of bills of materials: CycloneDX 1.6, and SPDX 2.3. */
export type BomFormat = "cyclonedx" | "spdx";

/** Which bills of materials a build writes. */
export interface BomRequest {
  readonly formats: readonly BomFormat[];
  /** Where they are written besides, under names for people. */
  readonly folder: string | undefined;
  /** What others say that programs are made of which are there already, in CycloneDX. */
  readonly told: readonly { readonly platform: string; readonly path: string }[];
}

/** A bill of materials, and the manifest or index that it is about. */
export interface BomFacts {
  readonly format: BomFormat;
  /** `undefined`: it is about the index. */
  readonly platform: string | undefined;
  readonly subject: string;
  /** Of its bytes. */
  readonly digest: string;
  /** Where it lies; `undefined` where only a registry has it, or nobody. */
  readonly path: string | undefined;
}

/** Which bill of materials is asked for. */
export interface BomQuestion extends ContentsPlace {
  readonly format: BomFormat;
  /** Such as `linux/arm64`, or `index`; the only one where it is `undefined`. */
  readonly platform: string | undefined;
}

/** A bill of materials as it is, without the line feed at its end. */
export interface BomText {
  readonly text: string;
}

/** An image of a layout, or a folder with a `Cargo.lock` in it or above it: whichever is there. */
export interface ContentsPlace {
  /** As it was written. */
  readonly place: string;
  /** Read as an image: its folder, relative to the working folder, and its tag; the only one where that is `undefined`. */
  readonly layout: string;
  readonly tag: string | undefined;
}

/** What is said of an audit; the rest stands in the file of rules. */
export interface AuditRequest {
  readonly policy: "deny" | "warn" | "off" | undefined;
  /** The folder of the advisories. */
  readonly database: string | undefined;
  /** The file of rules, instead of `image-audit.toml` where that is there. */
  readonly rules: string | undefined;
}

/** What to audit. */
export interface ImageAudit extends AuditRequest, ContentsPlace {}

/** What an audit looked up where, and what it found. */
export interface AuditFacts {
  /** `refused`: by its rules no image may be built of it. */
  readonly outcome: "passed" | "refused";
  readonly policy: "deny" | "warn" | "off";
  /** The advisories that there were; `undefined` where none were read. */
  readonly database: {
    /** By which an auditor finds the same. */
    readonly digest: string;
    readonly advisoryCount: number;
    /** Of the newest one, `YYYY-MM-DD`. */
    readonly date: string | undefined;
    readonly ageDays: number | undefined;
  } | undefined;
  readonly checkedCount: number;
  /** Packages that advisories say nothing about: they are not of Rust's public registry. */
  readonly unchecked: readonly { readonly name: string; readonly version: string; readonly origin: string }[];
  readonly findings: readonly AuditFound[];
  /** What is wrong with the audit itself. */
  readonly faults: readonly {
    readonly code: string;
    readonly message: string;
    readonly effect: "refused" | "warned";
  }[];
}

/** An advisory that affects a package. */
export interface AuditFound {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  /** `vulnerability`, `unsound`, `unmaintained`, `notice` or what else it warns of. */
  readonly class: string;
  readonly title: string;
  readonly date: string;
  /** The vector of its severity. */
  readonly cvss: string | undefined;
  /** The first version that it does not affect any more. */
  readonly fixed: string | undefined;
  readonly effect: "refused" | "warned" | "ignored";
  /** Why it is ignored. */
  readonly reason: string | undefined;
}
