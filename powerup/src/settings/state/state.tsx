// How the board stands: whether the process is watched, held or paused, and who holds its roles.

import { useState } from "preact/hooks";
import { useApp } from "../../parts/app";
import { Failed, Loading } from "../../parts/state";
import { useAsked, useDo } from "../ask";
import type { GivenAttached } from "../attached";
import { Force } from "../force";
import { Fact, Panel } from "../panel";
import type { Changed, Mode, Setup } from "../shapes";
import { useSay } from "../words";
import { WatchedPanel } from "./watched";

interface Props extends GivenAttached {
  people: () => void;
}

export function StatePanel(props: Props) {
  const { words } = useApp();
  const say = useSay();
  const { setup, process, people } = props;
  const [mode, setMode] = useState<Mode | null>(null);
  if (mode) return <Switch {...props} mode={mode} close={() => setMode(null)} />;
  const names = new Map(setup.board.members.map(({ username, name }) => [username, name]));
  const inForce = setup.versions.find((one) => one.in_force);
  return (
    <div class="panels">
      <Now {...props} change={setMode} />
      {setup.watched && <WatchedPanel watched={setup.watched} />}
      <Panel title={say("peopleOfRoles")}>
        <dl>
          {(process.form?.role ?? []).map(({ key, name, people: held, deputies }) => (
            <Fact key={key} name={name}>
              {held.length ? held.map((one) => names.get(one) ?? `@${one}`).join(", ") : <span class="lozenge warn">{say("nobodyHolds")}</span>}
              {deputies.length > 0 && <span class="soft"> {say("deputiesAre", { names: deputies.map((one) => names.get(one) ?? `@${one}`).join(", ") })}</span>}
            </Fact>
          ))}
        </dl>
        {setup.you.admin && (
          <p>
            <button type="button" onClick={people}>
              {say("changePeople")}
            </button>
          </p>
        )}
      </Panel>
      <Panel title={say("processNow")}>
        <dl>
          <Fact name={say("version")}>
            <code>{process.version}</code>
          </Fact>
          {inForce?.at && <Fact name={say("since")}>{words.when(inForce.at)}</Fact>}
          {process.form && (
            <>
              <Fact name={say("stages")}>{words.number(process.form.stage.length)}</Fact>
              <Fact name={say("sideStages")}>{words.number(process.form.side.length)}</Fact>
              <Fact name={say("fields")}>{words.number(process.form.field.length)}</Fact>
            </>
          )}
        </dl>
      </Panel>
    </div>
  );
}

type Way = "active" | "paused" | "detached";
const DONE = { active: "isResumed", paused: "isPaused", detached: "isDetached" } as const;

function Now({ setup, done, change }: Props & { change: (mode: Mode) => void }) {
  const { api } = useApp();
  const say = useSay();
  const act = useDo();
  const [last, setLast] = useState<Way>("paused");
  const paused = setup.state === "paused";
  const watch = setup.mode === "watch";
  const go = (state: Way) => {
    setLast(state);
    act.run(async () => {
      await api.setup("/state", { state });
      done(say(DONE[state]));
    });
  };
  return (
    <Panel title={say("stateNow")}>
      <p class="mode">
        <span class={`lozenge ${paused ? "warn" : watch ? "info" : "good"}`}>{say(paused ? "pausedNow" : watch ? "watchNow" : "enforceNow")}</span>
      </p>
      <p class="soft">{say(paused ? "pausedMeans" : watch ? "inWatchSays" : "inForceSays")}</p>
      {act.trouble && <Failed trouble={act.trouble} again={() => go(last)} />}
      {setup.you.admin && (
        <>
          <p class="ways">
            {!paused && (
              <button type="button" class={watch ? "main" : ""} onClick={() => change(watch ? "enforce" : "watch")}>
                {say(watch ? "toEnforce" : "toWatch")}
              </button>
            )}
            <button type="button" class={paused ? "main" : ""} aria-disabled={act.busy} onClick={() => go(paused ? "active" : "paused")}>
              {say(paused ? "resume" : "pause")}
            </button>
          </p>
          <Leave setup={setup} busy={act.busy} go={() => go("detached")} />
        </>
      )}
    </Panel>
  );
}

function Leave({ setup, busy, go }: { setup: Setup; busy: boolean; go: () => void }) {
  const say = useSay();
  return (
    <details class="more">
      <summary>{say("detach")}</summary>
      <p class="soft">{say("detachSays", { board: setup.board.name })}</p>
      <p>
        <button type="button" aria-disabled={busy} onClick={go}>
          {say("detachNow")}
        </button>
      </p>
    </details>
  );
}

/** The mode is a line of the file like any other: it changes with the same look at what it comes to. */
function Switch({ setup, process, done, again, mode, close }: GivenAttached & { mode: Mode; close: () => void }) {
  const { api } = useApp();
  const say = useSay();
  const wish = { text: process.text, changes: [{ change: "set", at: { part: "file" }, key: "mode", value: mode }] };
  const made = useAsked(() => api.setup<Changed>("/change", wish), `${process.version} ${mode}`);
  return (
    <Panel title={say(mode === "enforce" ? "toEnforce" : "toWatch")}>
      <p class="soft">{say(mode === "enforce" ? "toEnforceSays" : "toWatchSays")}</p>
      {!made.value && (made.trouble ? <Failed trouble={made.trouble} again={made.again} /> : <Loading />)}
      {made.value && (
        <Force
          text={made.value.text}
          over={process.version}
          label={say(mode === "enforce" ? "startForce" : "startWatch")}
          admin={setup.you.admin}
          back={close}
          backLabel={say("leaveIt")}
          done={() => {
            close();
            done(say(mode === "enforce" ? "isHeld" : "isWatched"));
          }}
          onward={() => {
            close();
            again();
          }}
        />
      )}
    </Panel>
  );
}
