import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { ConfigError, EnvError } from "../../errors.ts";
import { isExecutable, systemBrowser } from "./system-browser.ts";

const START_MS = 30_000;
const FLAGS = [
  "--headless=new",
  "--remote-debugging-port=0",
  "--no-first-run",
  "--no-default-browser-check",
  "--hide-scrollbars",
  "--mute-audio",
  "--enable-unsafe-swiftshader", // WebGL without a graphics card
];

/** A Chrome or Chromium: the one that CHROME_PATH names, else the first on the PATH. Throws ConfigError `no-browser` saying what is needed. */
export function findBrowser(): string {
  const given = process.env["CHROME_PATH"];
  if (given !== undefined && given !== "") {
    if (isExecutable(given)) return given;
    throw new ConfigError("no-browser", `CHROME_PATH is ${given}, which is no program that can be run`);
  }
  const found = systemBrowser();
  if (found !== null) return found;
  throw new ConfigError(
    "no-browser",
    "films of the whole page (.webm, .mp4) are made by Chrome or Chromium, and none was found: install one, or name it in CHROME_PATH. A .gif or .png of the world alone needs no browser",
  );
}

/** How a page is opened. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Opens an address in a browser without a window, evaluates an expression there (awaiting its promise) and returns the text it comes to.
 * The browser is ended and its profile removed, whatever happens. Throws EnvError `browser-failed` with what went wrong in the page.
 */
export async function evaluateInBrowser(address: string, expression: string, size: PageSize): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), "elegans-browser-"));
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : []; // the sandbox does not work for root
  const window = `--window-size=${size.width},${size.height}`;
  const child = spawn(findBrowser(), [...FLAGS, ...sandbox, window, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    const browser = await Browser.connect(await debuggingAddress(child));
    try {
      return await browser.evaluate(address, expression, size);
    } finally {
      browser.close();
    }
  } finally {
    await ended(child);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Where the browser listens, which it says on stderr. */
function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string): void =>
      reject(new EnvError("browser-failed", `the browser ${why}: ${said.slice(-500)}`));
    const timer = setTimeout(() => fail("did not start"), START_MS);
    child.once("error", (error) => fail(`cannot be started, ${error.message}`));
    child.once("exit", (code) => fail(`ended at once (${code})`));
    child.stderr?.on("data", (data: Buffer) => {
      said += data.toString();
      const address = /DevTools listening on (ws:\/\/\S+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly error?: { readonly message: string };
  readonly result?: Readonly<Record<string, unknown>>;
}

/** The part of the Chrome DevTools protocol that is needed here. */
class Browser {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #onLoad: () => void = () => {};
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#receive(JSON.parse(data.toString()) as Reply)); // the browser's own words
    socket.on("close", () => {
      for (const answer of this.#waiting.values()) answer({ error: { message: "the browser went away" } });
      this.#waiting.clear();
    });
  }

  static connect(address: string): Promise<Browser> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 1 << 30 });
      socket.once("open", () => resolve(new Browser(socket)));
      socket.once("error", reject);
    });
  }

  async evaluate(address: string, expression: string, { width, height }: PageSize): Promise<string> {
    const { targetId } = await this.#send("Target.createTarget", { url: "about:blank", width, height });
    const { sessionId } = await this.#send("Target.attachToTarget", { targetId, flatten: true });
    const session = String(sessionId);
    const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.#send("Emulation.setDeviceMetricsOverride", metrics, session);
    await this.#send("Page.enable", {}, session);
    const loaded = new Promise<void>((resolve) => (this.#onLoad = resolve));
    await this.#send("Page.navigate", { url: address }, session);
    await loaded;
    const { result, exceptionDetails } = await this.#send(
      "Runtime.evaluate",
      { expression, awaitPromise: true, returnByValue: true },
      session,
    );
    const problem = exceptionDetails as { exception?: { description?: string }; text?: string } | undefined;
    if (problem !== undefined)
      throw failure(problem.exception?.description?.split("\n")[0] ?? problem.text ?? "an error without words");
    const { value } = result as { value?: unknown };
    if (typeof value !== "string") throw failure("it gave no file");
    return value;
  }

  close(): void {
    this.#socket.terminate();
  }

  async #send(method: string, params: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#lastId;
    const { error, result } = await new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    });
    if (error !== undefined) throw failure(`${method}: ${error.message}`);
    return result ?? {};
  }

  #receive(reply: Reply): void {
    if (reply.method === "Page.loadEventFired") this.#onLoad();
    if (reply.id === undefined) return;
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}

const failure = (what: string): EnvError => new EnvError("browser-failed", `the page in the browser failed: ${what}`);
