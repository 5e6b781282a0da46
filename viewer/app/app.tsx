import { Icon } from "./icons.tsx";
import { LivePage } from "./live-page.tsx";
import { LiveState } from "./live-state.ts";
import { TopBar } from "./top-bar.tsx";

const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
const live = new LiveState(token);

/** The whole page. */
export function App() {
  return (
    <div class="app">
      <TopBar live={live} />
      <LivePage live={live} />
      {live.notice.value !== null && (
        <div class="notice" role="alert">
          {live.notice.value}{" "}
          <button class="button" type="button" aria-label="Close message" onClick={() => (live.notice.value = null)}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
