import {
  type DatasetSource,
  type DemonstrationStore,
  type LiveSource,
  type ViewerServer,
  startServer,
} from "../../server/index.ts";
import { interrupted } from "../interrupt.ts";
import type { Terminal } from "../terminal.ts";

/** Where to serve. */
export interface ViewingOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly token?: string | undefined;
}

/** Starts the viewer and says where it is. Throws ConfigError as `startServer` does. */
export async function startViewing(
  sources: readonly LiveSource[],
  { host, port, token }: ViewingOptions,
  terminal: Terminal,
  datasets: readonly DatasetSource[] = [],
  demonstrations?: DemonstrationStore,
): Promise<ViewerServer> {
  const server = await startServer({ host, port, token, sources, datasets, demonstrations });
  terminal.say(`Viewer: ${server.url}`);
  return server;
}

/** Serves until Ctrl-C. */
export async function serveUntilInterrupt(server: ViewerServer, terminal: Terminal): Promise<void> {
  terminal.note("Press Ctrl-C to end.");
  await interrupted();
  await server.close();
}
