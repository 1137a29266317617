// The stages with what stands in them. A stage's name narrows the other lists to it.

import type { BoardStage } from "../contract";
import { useApp } from "../parts/app";
import { Face } from "../parts/face";
import type { Load } from "./rows";

export function Stages({ loads, choose }: { loads: Load[]; choose: (stage: BoardStage) => void }) {
  const { words } = useApp();
  const most = Math.max(1, ...loads.map(({ count }) => count));
  const path = loads.filter(({ stage }) => !stage.side);
  const side = loads.filter(({ stage }) => stage.side);
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={words.say("stages")}>
      {/* The roles are said, for on a phone the table is laid out as blocks and would lose its own. */}
      <table class="stages folds" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">{words.say("stage")}</th>
            <th scope="col" role="columnheader">{words.say("cards")}</th>
            <th scope="col" role="columnheader">{words.say("age")}</th>
            <th scope="col" role="columnheader">{words.say("limit")}</th>
            <th scope="col" role="columnheader">{words.say("owner")}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {path.map((load) => (
            <Line key={load.stage.key} load={load} most={most} choose={choose} />
          ))}
        </tbody>
        {side.length > 0 && (
          <tbody role="rowgroup">
            <tr role="row">
              <th scope="rowgroup" role="rowheader" colSpan={5} class="aside">
                {words.say("sideStages")}
              </th>
            </tr>
            {side.map((load) => (
              <Line key={load.stage.key} load={load} most={most} choose={choose} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function Line({ load, most, choose }: { load: Load; most: number; choose: (stage: BoardStage) => void }) {
  const { words } = useApp();
  const { stage, count, late, near, oldest } = load;
  const part = (n: number) => ({ width: `${(n / most) * 100}%` });
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <button type="button" class="link" onClick={() => choose(stage)}>
          {stage.name}
        </button>
      </th>
      <td role="cell" data-column={words.say("cards")}>
        <div class="load">
          <span class="count">{words.number(count)}</span>
          <span class="stack" aria-hidden="true">
            {count > late + near && <i class="calm" style={part(count - late - near)} />}
            {near > 0 && <i class="near" style={part(near)} />}
            {late > 0 && <i class="late" style={part(late)} />}
          </span>
          {late > 0 && <span class="lozenge bad">{words.say("lateOf", { n: late })}</span>}
        </div>
      </td>
      <td role="cell" data-column={words.say("age")}>{count > 0 && words.say("oldest", { age: words.duration(oldest) })}</td>
      <td role="cell" data-column={words.say("limit")}>{stage.limit_minutes === null ? words.say("noLimit") : words.duration(stage.limit_minutes)}</td>
      <td role="cell" data-column={words.say("owner")}>
        <span class="owner">
          {stage.owner.people.map((person) => (
            <Face key={person.id} person={person} />
          ))}
          {stage.owner.role}
        </span>
      </td>
    </tr>
  );
}
