// What differs between two texts: by sign and words as well as by colour.

import { useMemo } from "preact/hooks";
import { count, lines } from "./diff";
import { useSay } from "./words";

const SIGNS = { same: "", added: "+", removed: "−", gap: "⋯" } as const;

export function Difference({ diff, caption }: { diff: string; caption: string }) {
  const say = useSay();
  const all = useMemo(() => lines(diff), [diff]);
  const { added, removed } = count(all);
  if (!all.length) return <p class="soft">{say("noDifference")}</p>;
  return (
    <>
      <p class="counts">
        <span class="added">+ {say("linesAdded", { n: added })}</span> <span class="removed">− {say("linesRemoved", { n: removed })}</span>
      </p>
      <div class="diff" tabIndex={0} role="region" aria-label={caption}>
        <table>
          <caption class="hidden">{caption}</caption>
          <tbody>
            {all.map((line, at) => (
              <tr key={at} class={line.kind}>
                <td class="nth">{line.before ?? ""}</td>
                <td class="nth">{line.after ?? ""}</td>
                <td class="sign">
                  <span aria-hidden="true">{SIGNS[line.kind]}</span>
                  {(line.kind === "added" || line.kind === "removed") && <span class="hidden">{say(line.kind)}</span>}
                </td>
                <td class="line">{line.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
