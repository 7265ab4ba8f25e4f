import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { FetchHttpHandler } from "@smithy/fetch-http-handler";

/** Whoever asks a KMS of the tests. */
export const KMS_CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
export const KMS_REGION = "eu-central-1";

/** What a key is for. */
export type KmsKeyKind = "Ed25519" | "ECDSA" | "RSA" | "wrapping";

const SPECS = {
  "Ed25519": { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" },
  "ECDSA": { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" },
  "RSA": { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" },
  "wrapping": { KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT" },
} as const;

/** A server on this machine that speaks the protocol of AWS KMS, with keys of its own. It ends with the test. */
export class KmsServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: Deno.ChildProcess;
  readonly #client: KMSClient;

  constructor(url: string, child: Deno.ChildProcess) {
    this.url = url;
    this.#child = child;
    this.#client = new KMSClient({
      endpoint: url,
      region: KMS_REGION,
      credentials: KMS_CREDENTIALS,
      requestHandler: new FetchHttpHandler(),
    });
  }

  /** Makes a key; gives its ARN. */
  async createKey(kind: KmsKeyKind): Promise<string> {
    const { KeyMetadata } = await this.#client.send(new CreateKeyCommand(SPECS[kind]));
    if (KeyMetadata?.Arn === undefined) throw new Error("The server made no key");
    return KeyMetadata.Arn;
  }

  async createAlias(name: string, arn: string): Promise<void> {
    await this.#client.send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: arn }));
  }

  async disable(arn: string): Promise<void> {
    await this.#client.send(new DisableKeyCommand({ KeyId: arn }));
  }

  async enable(arn: string): Promise<void> {
    await this.#client.send(new EnableKeyCommand({ KeyId: arn }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy();
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}

/** Starts MiniStack, which signs by Ed25519 too. */
export async function startMinistack(program: string): Promise<KmsServer> {
  const port = freePort();
  const env = {
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: `${port}`,
    IOT_MTLS_ENABLED: "0",
    LOG_LEVEL: "INFO",
    SERVICES: "kms",
  };
  return await started(new Deno.Command(program, { env, ...PIPES }), port);
}

/** Starts Moto. */
export async function startMoto(program: string): Promise<KmsServer> {
  const port = freePort();
  return await started(
    new Deno.Command(program, { args: ["-H", "127.0.0.1", "-p", `${port}`], ...PIPES }),
    port,
  );
}

const PIPES = { stdin: "null", stdout: "null", stderr: "piped" } as const;

/** Both say so on standard error when they listen. */
async function started(command: Deno.Command, port: number): Promise<KmsServer> {
  const child = command.spawn();
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  void readAll(child.stderr, (text) => {
    if (text.includes("Running on")) resolve();
  }).then((text) => reject(new Error(`The server has ended: ${text}`)));
  await listening;
  return new KmsServer(`http://127.0.0.1:${port}`, child);
}

/** Reads to the end, so that the server never waits for its reader. */
async function readAll(stream: ReadableStream<Uint8Array>, heard: (text: string) => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    heard(text);
  }
  return text;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
