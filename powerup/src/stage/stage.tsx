// What a stage is for, whose it is and what it needs: a newcomer's guide, straight from the process.

import type { ComponentChildren } from "preact";
import type { BoardStage } from "../contract";
import { useApp } from "../parts/app";
import { People } from "../parts/face";
import { Loading, Stopped } from "../parts/state";
import { useView } from "../parts/view";

/** A process changes seldom: cards' news is not this page's. */
const none = () => false;

export function StagePage() {
  const { api, host, words } = useApp();
  const { view, trouble, refresh } = useView(api, api.board, none);
  if (!view) return trouble ? <Stopped trouble={trouble} again={refresh} /> : <Loading />;
  const stage = view.stages.find(({ list }) => list === host.list);
  return (
    <main class="stage">
      {stage ? (
        <Guide stage={stage} />
      ) : (
        <>
          <h1 class="hidden">{words.say("explain")}</h1>
          <p>{words.say("noSuchStage")}</p>
        </>
      )}
    </main>
  );
}

function Guide({ stage }: { stage: BoardStage }) {
  const { words } = useApp();
  const { say } = words;
  return (
    <>
      <h1>{stage.name}</h1>
      <p>{stage.purpose}</p>
      <dl>
        <Part name={say("owner")}>
          <p>{stage.owner.role}</p>
          <People people={stage.owner.people} />
        </Part>
        {stage.limit_minutes !== null && <Part name={say("limitOf")}>{words.duration(stage.limit_minutes)}</Part>}
        <Part name={say("movers")}>{stage.movers.length ? words.either(stage.movers) : say("anyone")}</Part>
        {stage.work && <Part name={say("work")}>{stage.work}</Part>}
        {stage.once && <Part name={say("once")}>{stage.once}</Part>}
        {stage.wip !== null && <Part name={say("wip")}>{say("cardsOf", { n: stage.wip })}</Part>}
        <Part name={say("needs")}>
          {stage.needs.length ? (
            <ul>
              {stage.needs.map((need) => (
                <li key={need}>{need}</li>
              ))}
            </ul>
          ) : (
            say("needsNothing")
          )}
        </Part>
      </dl>
    </>
  );
}

function Part({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
