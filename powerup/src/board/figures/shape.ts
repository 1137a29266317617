// What `/figures` answers. Names and meanings come ready, in the viewer's language; what is unknown is
// null. Minutes are working time, days are calendar days.

export interface Quantiles {
  median: number;
  p85: number;
}

export interface Month {
  month: string;
  count: number;
  minutes: Quantiles | null;
  days: Quantiles | null;
}

export interface Spread {
  name: string;
  say: string;
  count: number;
  left_out: number;
  minutes: Quantiles | null;
  days: Quantiles | null;
  months: Month[];
}

export interface StageTime extends Spread {
  key: string;
  side: boolean;
  final: boolean;
  limit_minutes: number | null;
}

export interface Gate {
  key: string;
  name: string;
  refused: number;
  watched: number;
  cards: number;
  admitted: number;
  by_word: number;
  missing: { id: string; name: string; times: number }[];
}

export interface Standing {
  key: string;
  name: string;
  cards: number;
  late: number;
  oldest: { id: string; name: string; since: string; exact: boolean; so_far_minutes: number } | null;
  ages: { under_days: number | null; cards: number }[];
}

export interface RoleLoad {
  role: string;
  name: string;
  cards: number;
  late: number;
  nobody: number;
  people: { id: string; name: string; cards: number; late: number }[];
}

export interface Money {
  currency: string | null;
  amount: number;
  cards: number;
}

export interface Late {
  id: string;
  name: string;
  stage: string;
  stage_name: string;
  due: string;
  days_late: number;
  fee: number | null;
  currency: string | null;
  cost: number | null;
}

interface Named {
  name: string;
  say: string;
}

export interface Figures {
  since: string;
  at: string;
  percentiles: string;
  cards: { known: number; open: number; found: number; say: string; unread_lines: number };
  lead: Spread;
  phases: (Spread & { phase: string })[];
  stages: StageTime[];
  longest: string[];
  milestones: (Spread & { key: string })[];
  refusals: Named & { count: number; watched: number; disputed_left_out: number; gates: Gate[] };
  present: Named & { stages: Standing[] };
  load: Named & { roles: RoleLoad[] };
  cost: (Named & { totals: Money[]; clients: Late[]; uncharged: (Named & { totals: Money[] }) | null }) | null;
}
