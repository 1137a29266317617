// Figures of a demo year: made up, but of the right shape.

import type { Figures, Quantiles, Spread } from "../src/board/figures/shape";
import { ago, LIMITS, PEOPLE, STAGES, type Lang } from "./demo.ts";

const MONTHS = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"];
const days = (median: number): Quantiles => ({ median, p85: Math.round(median * 17) / 10 });
const minutes = (median: number): Quantiles => ({ median, p85: Math.round(median * 1.8) });

function spread(name: string, say: string, median: number): Spread {
  const months = MONTHS.map((month, at) => ({ month, count: 4 + at, minutes: minutes(median * 480), days: days(Math.round(median * (14 - at)) / 10) }));
  return { name, say, count: 39, left_out: 2, minutes: minutes(median * 480), days: days(median), months };
}

export function figures(lang: Lang): Figures {
  const w = (ru: string, en: string) => (lang === "ru" ? ru : en);
  const named = (name: string, say: string) => ({ name, say });
  return {
    since: "2026-06-01T00:00:00Z",
    at: ago(0),
    percentiles: w("Медиана: половина карточек уложилась в это время. 85 %: уложились 85 карточек из 100.", "Median: half of the cards took no longer. 85 %: 85 cards of 100 took no longer."),
    cards: { known: 61, open: 22, found: 5, say: w("Карточки, которые стояли на доске до Signalman, отмечены.", "Cards that stood on the board before Signalman are marked."), unread_lines: 0 },
    lead: spread(w("От запроса до «Активный клиент»", "From request to “Active client”"), w("Время от первого дня карточки на пути до первого входа в «Активный клиент».", "From a card's first day on the path to its first entry into “Active client”."), 11.5),
    phases: [spread(w("Продажа", "Sale"), "", 7.2), spread(w("Работа", "Service"), "", 2.4), spread(w("Учёт", "Accounts"), "", 1)].map((one, at) => ({ ...one, phase: String(at) })),
    stages: STAGES[lang].map(([key, name], at) => ({ ...spread(name, w("Время одного пребывания на этапе, от входа до ухода.", "The time of one stay in the stage, from entry to leaving."), 0.4 + ((at * 7) % 5) * 0.7), key, side: false, final: at === 8, limit_minutes: LIMITS[at] ?? null })),
    longest: ["contract"],
    milestones: [
      { ...spread(w("От запроса до первого платежа", "From request to first payment"), "", 7.2), key: "request_to_paid" },
      { ...spread(w("От платежа до запуска", "From payment to delivery"), "", 2.5), key: "paid_to_live" },
    ],
    refusals: {
      ...named(w("Что не пускает дальше", "What holds cards back"), w("Сколько раз карточка не прошла на этап и чего не хватало.", "How often a card was not let into a stage, and what was missing.")),
      count: 19, watched: 3, disputed_left_out: 2,
      gates: [5, 8].map((at) => ({
        key: STAGES[lang][at]?.[0] ?? "", name: STAGES[lang][at]?.[1] ?? "", refused: 12 - at, watched: at - 5, cards: 6, admitted: 21, by_word: 2,
        missing: [{ id: "item:paid", name: w("Первый платёж пришёл", "First payment received"), times: 9 }, { id: "item:signed", name: w("Договор подписан обеими сторонами", "Contract signed by both sides"), times: 5 }, { id: "mover", name: w("кто переводит карточку", "who may move the card in"), times: 2 }],
      })),
    },
    present: {
      ...named(w("Карточки сейчас", "Cards now"), w("Открытые карточки на каждом этапе и сколько календарных дней они там стоят.", "Open cards in each stage, and for how many calendar days they have stood there.")),
      stages: STAGES[lang].map(([key, name], at) => {
        const ages = [1, 3, 7, 30, null].map((under_days, n) => ({ under_days, cards: (at * 3 + n * 2) % 4 }));
        return { key, name, cards: ages.reduce((sum, { cards }) => sum + cards, 0), late: at % 3, oldest: { id: "1", name: w("Кефир FM", "Kefir FM"), since: ago(900), exact: at % 2 === 0, so_far_minutes: 3000 }, ages };
      }),
    },
    load: {
      ...named(w("У кого сколько карточек", "Whose cards they are"), w("Открытые карточки на этапах роли, кроме последнего этапа.", "Open cards in the stages of a role, the final one apart.")),
      roles: [{ role: "engineer", name: w("инженер", "engineer"), cards: 9, late: 2, nobody: 1, people: [PEOPLE[lang][2]!, PEOPLE[lang][1]!].map(({ id, name }, at) => ({ id, name, cards: 4, late: at })) }],
    },
    cost: {
      ...named(w("Цена задержки", "Cost of delay"), w("«Абонплата» × календарные дни сверх срока этапа / 30.", "“Monthly fee” × calendar days beyond the stage's limit / 30.")),
      totals: [{ currency: "RUB", amount: 1600, cards: 2 }],
      clients: [{ id: "5", name: w("Тихий Будильник", "Quiet Alarm Clock"), stage: "connect", stage_name: w("Подключение", "Connection"), due: ago(48), days_late: 2, fee: 24_000, currency: "RUB", cost: 1600 }, { id: "6", name: w("Чайник", "Teapot"), stage: "connect", stage_name: w("Подключение", "Connection"), due: ago(48), days_late: 1, fee: null, currency: null, cost: null }],
      uncharged: { ...named(w("Не начислено", "Not charged"), w("Абонплата × дни между запуском и начислением / 30.", "The fee × days between delivery and charge / 30.")), totals: [{ currency: "RUB", amount: 812.5, cards: 3 }] },
    },
  };
}
