import type { Result } from "../engine/result.ts";

/** Builds container images, reads them, and sends them to registries. Nothing here needs a container engine. */
export interface ImageTools {
  /** Builds an image into a folder in the OCI layout; when `signal` goes off it ends, and nothing of it is left. */
  build(request: ImageBuild, signal: AbortSignal): Promise<Result<BuiltFacts, ImageToolFault>>;
  /** Holds what a program is made of against advisories; what they find is no fault but the answer. */
  audit(request: ImageAudit): Promise<Result<AuditFacts, ImageToolFault>>;
  /** The bill of materials of an image of a layout, or of the source of a program. */
  bom(request: BomQuestion): Promise<Result<BomText, ImageToolFault>>;
  /** Reads an image of a layout, every byte of it, and says what it is. */
  inspect(place: LayoutPlace): Promise<Result<ImageFacts, ImageToolFault>>;
  /** Looks up what tags of bases stand for now, all of `image.lock` or those given, and writes it there. */
  lock(
    references: readonly string[],
    access: RegistryAccess,
  ): Promise<Result<readonly LockedBase[], ImageToolFault>>;
  /** Sends an image of a layout to a registry. */
  push(request: ImagePush): Promise<Result<PushedImage, ImageToolFault>>;
}

/** An image in a layout: its folder, relative to the working folder, and its tag; the only one where that is `undefined`. */
export interface LayoutPlace {
  readonly layout: string;
  readonly tag: string | undefined;
}

/** What an image stands on: an image of a layout, or of a registry. */
export type BaseRequest =
  | ({ readonly kind: "layout" } & LayoutPlace)
  /** `reference` is as it was written, such as `cgr.dev/chainguard/static:latest`. */
  | { readonly kind: "registry"; readonly reference: string };

/** A program that is there, for one platform, such as `linux/arm64`. */
export interface ImageProgram {
  readonly platform: string;
  readonly path: string;
}

/** Where the programs of an image come from. */
export type ProgramSource =
  /** One a platform. */
  | { readonly kind: "prebuilt"; readonly programs: readonly ImageProgram[] }
  | ({ readonly kind: "cargo" } & CargoBuild);

/** A program of Rust, and how cargo builds it. */
export interface CargoBuild {
  /** The folder of its Cargo.toml. */
  readonly path: string;
  readonly package: string | undefined;
  /** Its name; at most one of the two is given. */
  readonly bin: string | undefined;
  readonly example: string | undefined;
  readonly platforms: readonly string[];
  readonly profile: string;
  readonly features: readonly string[];
  readonly defaultFeatures: "used" | "left";
  readonly link: "musl" | "gnu-static" | "dynamic";
  readonly rustflags: readonly string[];
}

/** How registries are reached. */
export interface RegistryAccess {
  /** Hosts that are reached without encryption. */
  readonly insecure: readonly string[];
  /** A file of certificates to trust beside the system's, PEM. */
  readonly caFile: string | undefined;
}

/** A base whose place in `image.lock` has moved. */
export interface LockedBase {
  readonly reference: string;
  /** What it stood for before; `undefined` when it was not in the file. */
  readonly before: string | undefined;
  readonly digest: string;
}

/** What to build. Paths are relative to the working folder. */
export interface ImageBuild extends RegistryAccess {
  /** The name of the program in the image. */
  readonly name: string;
  readonly source: ProgramSource;
  /** Files and folders, each with its absolute path in the image. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** What the image stands on; nothing for one from scratch. */
  readonly base: BaseRequest | undefined;
  /** `frozen`: a base that `image.lock` does not name is refused instead of looked up. */
  readonly lock: "followed" | "frozen";
  /** The certificates that an image from scratch trusts, PEM. */
  readonly caBundle: string | undefined;
  readonly layout: string;
  readonly tags: readonly string[];
  readonly settings: ImageSettings;
  readonly annotations: Readonly<Record<string, string>>;
  /** The time of everything in it, in seconds since 1970; 0 and told nobody where `undefined`. */
  readonly epoch: number | undefined;
  readonly linkages: "static" | "any";
  /** What a program that cargo builds is held against before anything of it is built. */
  readonly audit: AuditRequest;
  readonly bom: BomRequest;
  /** Whether a base may hold shells, package managers and set-id files. */
  readonly excess: "refused" | "allowed";
}

/** How an image runs; what is `undefined` or empty is left to the base. */
export interface ImageSettings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  /** For example `8080/tcp`. */
  readonly ports: readonly string[];
  readonly stopSignal: string | undefined;
}

/** An image, as its own documents tell. */
export interface ImageFacts {
  /** Of the index, or of the only manifest. */
  readonly digest: string;
  readonly platforms: readonly PlatformFacts[];
}

/** An image that was built. */
export interface BuiltFacts extends ImageFacts {
  /** What the audit before it found; `undefined` where there was nothing to look at. */
  readonly audit: AuditFacts | undefined;
  /** Bills of materials that were written. */
  readonly boms: readonly BomFacts[];
}

/** Formats of bills of materials: CycloneDX 1.6, and SPDX 2.3. */
export type BomFormat = "cyclonedx" | "spdx";

/** Which bills of materials a build writes. */
export interface BomRequest {
  readonly formats: readonly BomFormat[];
  /** Where they are written besides, under names for people. */
  readonly folder: string | undefined;
  /** What others say that programs are made of which are there already, in CycloneDX. */
  readonly told: readonly ImageProgram[];
}

/** A bill of materials, and the manifest or index that it is about. */
export interface BomFacts {
  readonly format: BomFormat;
  /** `undefined`: it is about the index. */
  readonly platform: string | undefined;
  readonly subject: string;
  /** Of its bytes. */
  readonly digest: string;
  /** Where it lies. */
  readonly path: string;
}

/** Which bill of materials is asked for. */
export interface BomQuestion extends Place {
  readonly format: BomFormat;
  /** Such as `linux/arm64`, or `index`; the only one where it is `undefined`. */
  readonly platform: string | undefined;
}

/** A bill of materials as it is, without the line feed at its end. */
export interface BomText {
  readonly text: string;
}

/** One platform's image. */
export interface PlatformFacts {
  /** Such as `linux/arm64`. */
  readonly platform: string;
  readonly manifest: string;
  /** The digest of the config, which is the image's id. */
  readonly config: string;
  readonly layers: readonly {
    readonly digest: string;
    readonly diffId: string;
    readonly sizeBytes: number;
  }[];
  readonly entrypoint: readonly string[];
  readonly args: readonly string[];
  readonly user: string;
}

/** What to send, and where. */
export interface ImagePush extends LayoutPlace, RegistryAccess {
  /** A reference with or without a tag, such as `ghcr.io/me/app:v1`. */
  readonly to: string;
  /** Further tags. */
  readonly tags: readonly string[];
}

/** What a push did. */
export interface PushedImage {
  /** `registry/repository@digest`. */
  readonly reference: string;
  readonly tags: readonly string[];
  readonly sentBlobs: number;
  readonly heldBlobs: number;
}

/** What the command line says of an audit; the rest stands in the file of rules. */
export interface AuditRequest {
  readonly policy: "deny" | "warn" | "off" | undefined;
  /** The folder of the advisories. */
  readonly database: string | undefined;
  /** The file of rules, instead of `image-audit.toml` where that is there. */
  readonly rules: string | undefined;
}

/** An image of a layout, or a folder with a `Cargo.lock` in it or above it: whichever is there. */
export interface Place extends LayoutPlace {
  /** As it was written. */
  readonly place: string;
}

/** What to audit. */
export interface ImageAudit extends AuditRequest, Place {}

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

/** Why it could not be done. */
export interface ImageToolFault {
  /**
   * `image`: what was asked for cannot be. `store`: a file or a folder cannot be read or written. `damage`: bytes are not what
   * names them. `registry`: a registry said no, or nothing. `permission`: the runtime does not allow it.
   */
  readonly kind: "image" | "store" | "damage" | "registry" | "permission";
  /** Sentence case, no full stop; begins with a code of docs/images.md where it has one. */
  readonly message: string;
  readonly hint?: string;
  readonly details?: readonly string[];
}
