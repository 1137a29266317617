// How the board stands to its process, and who may change that.

import type { BoardView } from "../contract";
import { useApp } from "../parts/app";
import { Loading, Stopped } from "../parts/state";
import { useView } from "../parts/view";
import { Panel, Fact } from "./panel";

/** The state of the process, not of its cards. */
const none = () => false;

export function SettingsPage() {
  const { api } = useApp();
  const { view, trouble, refresh } = useView(api, api.board, none);
  if (view) return <State view={view} />;
  if (!trouble) return <Loading />;
  return trouble.code === "not_attached" ? <Unattached again={refresh} /> : <Stopped trouble={trouble} again={refresh} />;
}

function Unattached({ again }: { again: () => void }) {
  const { words } = useApp();
  return (
    <main class="settings">
      <h1>Signalman</h1>
      <Panel title={words.say("state")}>
        <p>{words.say("notAttached")}</p>
        <p class="soft">{words.say("attachHow")}</p>
        <p>
          <button type="button" onClick={again}>
            {words.say("again")}
          </button>
        </p>
      </Panel>
    </main>
  );
}

function State({ view }: { view: BoardView }) {
  const { words } = useApp();
  const { say } = words;
  const { process, you, stages, cards } = view;
  const mode = process.state === "paused" ? "pausedState" : process.mode;
  const says = process.state === "paused" ? "pausedSays" : process.mode === "watch" ? "watchSays" : "enforceSays";
  return (
    <main class="settings">
      <h1>{process.name}</h1>
      <Panel title={say("state")}>
        <p class="mode">
          <span class={`lozenge ${mode === "enforce" ? "good" : "info"}`}>{say(mode)}</span>
        </p>
        <p class="soft">{say(says)}</p>
      </Panel>
      <Panel title={say("process")}>
        <dl>
          <Fact name={say("version")}>{process.version}</Fact>
          <Fact name={say("stages")}>{words.number(stages.length)}</Fact>
          <Fact name={say("cards")}>{words.number(cards.length)}</Fact>
        </dl>
      </Panel>
      <Panel title={say("youAre")}>
        <p>{say(you.admin ? "youAdmin" : "youNot")}</p>
        <dl>
          <Fact name={say("roles")}>{you.roles.join(", ") || say("noRoles")}</Fact>
        </dl>
      </Panel>
    </main>
  );
}
