// Where a person is on the way to a board under a process, and what has been chosen so far. Going back
// loses nothing: each ready process keeps its own choices.

import type { Step } from "../editor/steps";
import type { BoardList, Mode, Proposal, ReadyKey } from "../shapes";

export const STEPS = ["choose", "bind", "see", "begin"] as const;
export type StepName = (typeof STEPS)[number];

/** What was chosen for one of the ready processes. */
export interface Chosen {
  proposal: Proposal;
  /** Stages whose list a person has named. */
  mine: string[];
  /** What was changed in the rules besides. */
  steps: Step[];
}

export interface Wizard {
  step: StepName;
  ready: ReadyKey;
  chosen: Partial<Record<ReadyKey, Chosen>>;
  mode: Mode;
}

export const begin = (ready: ReadyKey): Wizard => ({ step: "choose", ready, chosen: {}, mode: "watch" });

export const now = (wizard: Wizard): Chosen | undefined => wizard.chosen[wizard.ready];

export function move(wizard: Wizard, by: 1 | -1): Wizard {
  const at = STEPS.indexOf(wizard.step) + by;
  return { ...wizard, step: STEPS[Math.min(Math.max(at, 0), STEPS.length - 1)] ?? "choose" };
}

/** What was kept may be older than the board: a list that is gone is no stage's. */
export function fresh(wizard: Wizard, lists: readonly BoardList[]): Wizard {
  const there = new Set(lists.map(({ id }) => id));
  const each = Object.entries(wizard.chosen).map(([ready, chosen]) => {
    const stages = chosen.proposal.stages.map((one) => (one.list && !there.has(one.list) ? { ...one, list: null, sure: false } : one));
    return [ready, { ...chosen, proposal: { ...chosen.proposal, stages } }];
  });
  return { ...wizard, chosen: Object.fromEntries(each) as Wizard["chosen"] };
}

/** What was chosen before stays: the service proposes once. */
export function proposed(wizard: Wizard, proposal: Proposal): Wizard {
  if (now(wizard)) return wizard;
  return { ...wizard, chosen: { ...wizard.chosen, [wizard.ready]: { proposal, mine: [], steps: [] } } };
}

function change(wizard: Wizard, how: (chosen: Chosen) => Chosen): Wizard {
  const chosen = now(wizard);
  return chosen ? { ...wizard, chosen: { ...wizard.chosen, [wizard.ready]: how(chosen) } } : wizard;
}

export const bind = (wizard: Wizard, stage: string, list: string | null): Wizard =>
  change(wizard, (chosen) => ({
    ...chosen,
    mine: [...new Set([...chosen.mine, stage])],
    proposal: {
      ...chosen.proposal,
      stages: chosen.proposal.stages.map((one) => (one.stage === stage ? { ...one, list, sure: false } : one)),
    },
  }));

export const hold = (wizard: Wizard, role: string, people: string[]): Wizard =>
  change(wizard, (chosen) => ({
    ...chosen,
    proposal: { ...chosen.proposal, roles: chosen.proposal.roles.map((one) => (one.role === role ? { ...one, people } : one)) },
  }));

export const edit = (wizard: Wizard, steps: Step[]): Wizard => change(wizard, (chosen) => ({ ...chosen, steps }));

export type How = "created" | "mine" | "name" | "place";

export function how(chosen: Chosen, stage: string): How {
  const bound = chosen.proposal.stages.find((one) => one.stage === stage);
  if (!bound?.list) return "created";
  return chosen.mine.includes(stage) ? "mine" : bound.sure ? "name" : "place";
}

/** Stages that share their list with another: one list is one stage. */
export function doubles({ stages }: Proposal): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of stages) {
    const other = stages.find((two) => two !== one && two.list !== null && two.list === one.list);
    if (other) found.set(one.stage, other.name);
  }
  return found;
}

export const nobody = ({ roles }: Proposal) => roles.filter(({ people }) => people.length === 0);

/** Lists that are no stage: their cards stay free. */
export function free(lists: readonly BoardList[], { stages }: Proposal): BoardList[] {
  const bound = new Set(stages.map(({ list }) => list));
  return lists.filter(({ id }) => !bound.has(id));
}
