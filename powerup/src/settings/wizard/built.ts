// The file that the choices make: the ready one, corrected, with what was changed besides and the mode.

import { useApp } from "../../parts/app";
import { useAsked, type Asked } from "../ask";
import { ask } from "../editor/steps";
import type { Change, Changed, Drafted, Mode } from "../shapes";
import { now, type Wizard } from "./steps";

const inMode = (mode: Mode): Change => ({ change: "set", at: { part: "file" }, key: "mode", value: mode });

/** The viewer's: a new file has the hours of the place it is made in. A browser that hides its place says
 *  UTC; then the file's own stays. */
export function zone(): string | null {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return /^(etc\/|utc$|gmt$)/i.test(timeZone) ? null : timeZone;
}

/** Without what was changed besides: where the form begins. */
export function useDraft(wizard: Wizard): Asked<Drafted> {
  const { api } = useApp();
  const { ready } = wizard;
  const proposal = now(wizard)?.proposal;
  return useAsked(() => api.setup<Drafted>("/draft", { ready, proposal, time_zone: zone() }), JSON.stringify([ready, proposal]));
}

export function useBuilt(wizard: Wizard, mode: Mode): Asked<Changed> {
  const { api } = useApp();
  const { ready } = wizard;
  const chosen = now(wizard);
  const build = async () => {
    const { text } = await api.setup<Drafted>("/draft", { ready, proposal: chosen?.proposal, time_zone: zone() });
    const wish = ask(text, chosen?.steps ?? []);
    return api.setup<Changed>("/change", { text: wish.text, changes: [...wish.changes, inMode(mode)] });
  };
  return useAsked(build, JSON.stringify([ready, chosen, mode]));
}
