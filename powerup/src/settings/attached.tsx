// A board under a process: how it stands, its rules, its versions.

import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../parts/app";
import { Notice } from "../parts/state";
import { Tabs } from "../parts/tabs";
import type { Step } from "./editor/steps";
import { Kept } from "./kept";
import { Rules } from "./rules";
import type { InForce } from "./shapes";
import { StatePanel } from "./state/state";
import { Versions } from "./state/versions";
import type { Given } from "./unattached";
import { useSay } from "./words";

const VIEWS = ["state", "rules", "versions"] as const;
type ViewName = (typeof VIEWS)[number];

export interface GivenAttached extends Given {
  process: InForce;
}

/** `hush`: what was said of the last thing done is no news any more. */
export function Attached({ hush, ...given }: GivenAttached & { hush: () => void }) {
  const { host } = useApp();
  const say = useSay();
  const { setup, process } = given;
  const keptFor = (version: string) => new Kept<Step[]>("edit", host.board, version);
  const [view, setView] = useState<ViewName>("state");
  const [part, setPart] = useState("general");
  const [steps, setSteps] = useState<Step[]>(() => keptFor(process.version).read() ?? []);
  const before = useRef(process.version);
  const set = (next: Step[]) => {
    if (next.length) keptFor(process.version).write(next);
    else keptFor(process.version).forget();
    setSteps(next);
  };
  // Another version came in force while this one was being changed: the work goes on from there.
  useEffect(() => {
    if (before.current === process.version) return;
    keptFor(before.current).forget();
    before.current = process.version;
    if (steps.length) keptFor(process.version).write(steps);
  }, [process.version]);
  const old = steps.length ? undefined : setup.versions.find(({ version }) => version !== process.version && keptFor(version).read()?.length);
  const bring = (take: boolean) => {
    if (!old) return;
    const left = keptFor(old.version);
    const work = left.read() ?? [];
    left.forget();
    set(take ? work : []);
    if (take) setView("rules");
  };
  return (
    <>
      <header class="head">
        <h1>{process.name}</h1>
        <Tabs
          views={VIEWS}
          now={view}
          choose={(next) => {
            hush();
            setView(next);
          }}
          label={say("views")}
          name={(one) => (
            <>
              {say(`tab_${one}`)}
              {one === "rules" && steps.length > 0 && <span class="lozenge warn">{say("unsaved", { n: steps.length })}</span>}
            </>
          )}
        />
      </header>
      {old && (
        <Notice tone="info">
          <p>{say("leftOver", { n: keptFor(old.version).read()?.length ?? 0 })}</p>
          <p class="ways">
            <button type="button" class="small" onClick={() => bring(true)}>
              {say("bringOver")}
            </button>
            <button type="button" class="small quiet" onClick={() => bring(false)}>
              {say("forget")}
            </button>
          </p>
        </Notice>
      )}
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${view}`}>
        {view === "state" && (
          <StatePanel
            {...given}
            people={() => {
              setPart("roles");
              setView("rules");
            }}
          />
        )}
        {view === "rules" && <Rules {...given} steps={steps} set={set} at={part} />}
        {view === "versions" && <Versions {...given} />}
      </div>
    </>
  );
}
