import type { JsonObject } from "../engine/json.ts";
import type { Result } from "../engine/result.ts";
import type {
  AuditFacts,
  AuditRequest,
  BomFacts,
  BomQuestion,
  BomRequest,
  BomText,
  ImageAudit,
} from "./image_contents.ts";
import type { ManifestFault, Manifests, ManifestText } from "./image_manifests.ts";
import type { ImageAttest, ImageJudgement, ImageVerify } from "./image_trust.ts";

/** Builds container images, reads them, and sends them to registries. Nothing here needs a container engine. */
export interface ImageTools {
  /** Builds an image into a folder in the OCI layout; when `signal` goes off it ends, and nothing of it is left. */
  build(request: ImageBuild, signal: AbortSignal): Promise<Result<BuiltImageFacts, ImageToolFault>>;
  /** Builds an image anew, twice where that is needed, says whether it is one image each time, and writes nothing. */
  check(request: ImageBuild, signal: AbortSignal): Promise<Result<CheckedImage, ImageToolFault>>;
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
  /**
   * Builds images, and sends each to its repository once all are built. Those without a layout are kept in a folder that is
   * gone when it resolves. The first fault ends it.
   */
  publish(
    requests: readonly ImagePublish[],
    signal: AbortSignal,
  ): Promise<Result<readonly PublishedImage[], PublishFault>>;
  /** Takes away images that are old, and what nothing names. */
  prune(request: ImagePrune): Promise<Result<PrunedImages, ImageToolFault>>;
  /**
   * Finds what files of YAML want to have built, in the documents that `selector` chooses; the others are left out. All faults
   * are told, each with its place.
   */
  readManifests(
    files: readonly ManifestText[],
    selector: string | undefined,
  ): Result<Manifests, readonly ManifestFault[]>;
  /** Judges what is attached to an image against a policy. The fault says why it could not even be looked at, or that bytes are damaged. */
  verify(request: ImageVerify): Promise<Result<ImageJudgement, ImageToolFault>>;
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

/** Programs of Rust, and how cargo builds them. */
export interface CargoBuild {
  /** The folder of its Cargo.toml. */
  readonly path: string;
  readonly package: string | undefined;
  /** Names of its programs, of which at most one list has any; the package's own one where both are empty. */
  readonly bins: readonly string[];
  readonly examples: readonly string[];
  readonly platforms: readonly string[];
  readonly profile: string;
  readonly features: readonly string[];
  readonly defaultFeatures: "used" | "left";
  readonly link: "musl" | "gnu-static" | "dynamic";
  /** `auto`: one for the platform is looked for; `cc`: the compiler's own choice; `zig`: cargo-zigbuild. */
  readonly linker: "auto" | "cc" | "zig";
  readonly rustflags: readonly string[];
  /** Further arguments of cargo. */
  readonly cargoArgs: readonly string[];
  /** What the build sees beside the usual: a value, or this machine's where it is `undefined`. */
  readonly env: readonly { readonly name: string; readonly value: string | undefined }[];
  /** Whether a standard library that lacks is installed by rustup. */
  readonly missingTargets: "refused" | "installed";
  readonly lockFile: "required" | "optional";
  /** Packages outside of the workspace, whose paths change the program. */
  readonly outsidePaths: "noted" | "refused";
  /** Whether a build begins with dependencies that an earlier one has compiled. */
  readonly cache: "used" | "left";
  /** What becomes of the folder of the build. */
  readonly folders: "removed" | "kept";
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
  /** What its programs are held against before anything of it is built, or written. */
  readonly audit: AuditRequest;
  readonly bom: BomRequest;
  /** Whether a base may hold shells, package managers and set-id files. */
  readonly excess: "refused" | "allowed";
  /** How the image is vouched for; left out where it is not. */
  readonly attest?: ImageAttest;
  /** `told`: how it was built is told, for whoever vouches for it later. */
  readonly provenance?: "told";
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
  /** What is attached to it in its layout, by digest. */
  readonly attachments: readonly AttachmentFacts[];
}

/** Something attached to an image, as it says itself: nothing of it is verified here. */
export interface AttachmentFacts {
  readonly digest: string;
  readonly artifactType: string;
  /** What a signed statement says that it is about; `undefined` for other documents. */
  readonly predicateType: string | undefined;
}

/** An image that was built, and what is to be said of it; each note begins with a code of docs/images.md. */
export interface BuiltImageFacts extends ImageFacts {
  readonly notes: readonly string[];
  /** What the audit of its programs found; `undefined` where nothing is known of what they are made of. */
  readonly audit: AuditFacts | undefined;
  /** Its bills of materials. */
  readonly boms: readonly BomFacts[];
  /** How it was built, as SLSA's provenance v1; `undefined` where that was not asked for. */
  readonly provenance: JsonObject | undefined;
}

/** An image that was built anew. */
export interface CheckedImage {
  readonly digest: string;
  /** `layout`: what the layout holds is the same; `itself`: the layout holds none, and a second build gave the same. */
  readonly against: "layout" | "itself";
  readonly notes: readonly string[];
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
  /** What is attached to it: how many of these were sent, and how many were there. */
  readonly sentAttachments: number;
  readonly heldAttachments: number;
}

/** Why it could not be done. */
export interface ImageToolFault {
  /**
   * `image`: what was asked for cannot be. `store`: a file or a folder cannot be read or written. `damage`: bytes are not what
   * names them. `registry`: a registry said no, or nothing. `permission`: the runtime does not allow it. `keys`: a key does not sign.
   */
  readonly kind: "image" | "store" | "damage" | "registry" | "permission" | "keys";
  /** Sentence case, no full stop; begins with a code of docs/images.md where it has one. */
  readonly message: string;
  readonly hint?: string;
  readonly details?: readonly string[];
}

/** An image to build, and where it goes. */
export interface ImagePublish {
  readonly build: Omit<ImageBuild, "layout">;
  /** Where it is kept. */
  readonly layout: string | undefined;
  /** `registry/repository`; `undefined`: it is sent nowhere. */
  readonly to: string | undefined;
}

/** An image that was built, and sent where that was asked for. */
export interface PublishedImage {
  readonly facts: BuiltImageFacts;
  readonly pushed: PushedImage | undefined;
}

/** Why it could not be done, and which of the requests it is about. */
export interface PublishFault extends ImageToolFault {
  /** 0 is the first. */
  readonly index: number;
}

/** Where images are taken away, and which. */
export interface ImagePrune extends RegistryAccess {
  readonly place:
    /** What was fetched of registries, and what builds that were killed left. */
    | { readonly kind: "cache" }
    /** `untagged`: also images without a tag. */
    | { readonly kind: "layout"; readonly layout: string; readonly images: "kept" | "untagged" }
    /** What smelt sent there and no tag names; `name` is `registry/repository`. */
    | { readonly kind: "repository"; readonly name: string };
  /** Only images that were not used, or not sent, for so long. */
  readonly unusedMs: number;
  /** `tell`: nothing is touched. */
  readonly mode: "tell" | "remove";
}

/** What was taken away, or would be. */
export interface PrunedImages {
  /** Digests. */
  readonly images: readonly string[];
  /** Blobs of a folder, or manifests of a registry, that went beside them. */
  readonly partCount: number;
  /** In a folder; a registry frees its room when it likes. */
  readonly freedBytes: number;
}
