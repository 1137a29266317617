// The demo board of the radio process, as the API would tell of it.

import type { BadgesView, BoardCard, BoardView, CardView, DecisionView, Finding, Mend, Person, Step } from "../src/contract";

export type Lang = "ru" | "en";
export const ago = (hours: number) => new Date(Date.now() - hours * 3600_000).toISOString();

export const PEOPLE: Record<Lang, Person[]> = {
  ru: [["maria", "Мария (менеджер)"], ["ilya", "Илья (инженер)"], ["egor", "Егор (инженер)"], ["olga", "Ольга (бухгалтер)"], ["denis", "Денис (директор)"]].map(person),
  en: [["maria", "Mary (manager)"], ["ilya", "Ian (engineer)"], ["egor", "Eddie (engineer)"], ["olga", "Olive (accountant)"], ["denis", "Dennis (director)"]].map(person),
};
function person([id, name]: string[]): Person {
  return { id: id ?? "", name: name ?? "", username: `${id}_demo` };
}

export const STAGES: Record<Lang, [string, string, string][]> = {
  ru: [
    ["request", "Новый запрос", "Станция написала или позвонила. За четыре рабочих часа ей отвечает живой человек, и у заявки появляется хозяин."],
    ["details", "Сбор данных", "Клиент один раз, по нашему шаблону, присылает всё для расчёта: контакт, параметры потока, нужные опции."],
    ["quote", "Расчёт и предложение", "Подбираем тариф и опции, считаем цену; клиент говорит «да»."],
    ["contract", "Договор", "Реквизиты собраны, договор составлен, согласован и отправлен на подпись."],
    ["invoice", "Счёт и оплата", "Счёт выставлен, деньги пришли или директор разрешил начать раньше; подписанный договор вернулся."],
    ["connect", "Подключение", "Инженер поднимает вещание по параметрам из карточки, со всеми заказанными опциями."],
    ["handover", "Проверка и передача", "Клиент получил доступы, вышел в эфир и подтвердил, что его слышно."],
    ["register", "Регистрация в учёте", "Бухгалтер заносит клиента в пять мест."],
    ["active", "Активный клиент", "Станция в эфире, счета идут сами, поддержка видит всё о клиенте в карточке."],
  ],
  en: [
    ["request", "New request", "A station has written or called. Within four working hours a person answers, and the request has an owner."],
    ["details", "Details", "The client sends, once and by our template, all that a quote needs."],
    ["quote", "Quote", "We choose tariff and options and work out the price; the client says yes."],
    ["contract", "Contract", "Organisation details are in; the contract is drawn up, agreed and sent for signature."],
    ["invoice", "Invoice and payment", "The invoice is out, the money is in or the director has allowed an earlier start; the signed contract is back."],
    ["connect", "Connection", "The engineer brings the stream up by the card's parameters, with every option ordered."],
    ["handover", "Test and handover", "The client has the access data, is on air and has confirmed that it can be heard."],
    ["register", "Registration", "The accountant enters the client in five places."],
    ["active", "Active client", "The station is on air, invoices go out by themselves."],
  ],
};

function track(lang: Lang, here: number): Step[] {
  return STAGES[lang].map(([key, name, purpose], at) => ({
    key, name, purpose,
    phase: at < 5 ? "sale" : at < 7 ? "service" : "accounts",
    state: at < here ? "passed" : at === here ? "here" : "ahead",
  }));
}

const leaf = (id: string, ok: boolean, say: string, more: Partial<Finding> = {}): Finding => ({ id, ok, say, why: null, who: [], kind: "leaf", mend: null, ask: false, parts: [], ...more });
const group = (id: string, kind: Finding["kind"], say: string, parts: Finding[]): Finding =>
  leaf(id, parts[kind === "any" ? "some" : "every"]((part) => part.ok), say, { kind, parts });
const field = (key: string, name: string, kind: "text" | "date" | "choice" | "money", value: string, example: string, choices: string[] = []): { mend: Mend } => ({
  mend: { how: "field", field: { key, name, kind, value, example, choices, why: null } },
});
const tick = (item: string): { mend: Mend } => ({ mend: { how: "tick", item } });

function kefir(lang: Lang): CardView {
  const r = lang === "ru";
  const w = (ru: string, en: string) => (r ? ru : en);
  const [maria, , , olga, denis] = PEOPLE[lang] as [Person, Person, Person, Person, Person];
  const done = [
    leaf("field:legal_name", true, w("Полное наименование", "Full name"), field("legal_name", w("Полное наименование", "Full name"), "text", w("ООО «Кефир»", "Kefir Ltd"), "")),
    leaf("field:inn", true, w("ИНН", "Registration number"), field("inn", w("ИНН", "Registration number"), "text", "9601000001", "")),
    leaf("item:sent", true, w("Договор отправлен клиенту", "Contract sent to the client"), { ...tick("sent"), why: w("отметка: Мария (менеджер), 24.11, 14:05", "ticked: Mary (manager), 24 Nov, 14:05") }),
    leaf("field:address", true, w("Юридический адрес", "Legal address"), field("address", w("Юридический адрес", "Legal address"), "text", w("960000, г. Приозёрск-Выдуманный, ул. Эфирная, д. 1", "1 Ether Street, Nowhere"), "")),
  ];
  const number = w("Номер договора", "Contract number");
  const dated = w("Дата договора", "Contract date");
  const docs = w("Обмен документами", "Exchange of papers");
  const invoice = group("enter:invoice", "all", "", [
    ...done,
    leaf("field:contract_no", false, number, field("contract_no", number, "text", "", "2026-041")),
    leaf("field:contract_date", false, dated, field("contract_date", dated, "date", "", "12.11.2026")),
    leaf("field:docs_by", false, docs, field("docs_by", docs, "choice", "", "", r ? ["ЭДО", "почта и скан", "бумага"] : ["e-invoice", "e-mail", "paper"])),
    leaf("item:signed", false, w("Договор подписан обеими сторонами", "Contract signed by both sides"), tick("signed")),
    group("any:start", "any", w("Оплата улажена", "Payment is settled"), [
      leaf("item:paid", false, w("Первый платёж пришёл", "First payment received"), { who: [olga.name, denis.name], ask: true }),
      leaf("item:early", false, w("Начать до оплаты разрешено", "Start before payment allowed"), { who: [denis.name], ask: true }),
    ]),
  ]);
  const lost = w("Причина отказа", "Reason lost");
  return {
    card: { id: "3", name: w("Кефир FM", "Kefir FM"), url: "#" },
    process: { name: w("Подключение станций", "Connecting stations"), version: "4", language: lang, mode: "enforce", state: "active" },
    you: { id: "maria", name: maria.name, roles: [w("менеджер", "manager")], writes: true, admin: true },
    track: track(lang, 3),
    standing: { key: "contract", name: w("Договор", "Contract"), side: false, since: ago(75), so_far_minutes: 1625, limit_minutes: 2400, late: false },
    trouble: null,
    turn: { role: w("менеджер", "manager"), people: [maria] },
    moves: [
      { stage: "invoice", name: w("Счёт и оплата", "Invoice and payment"), way: "forward", legal: false, say: w("Осталось пять пунктов, они выше.", "Five things are left, they are above."), finding: invoice },
      { stage: "lost", name: w("Отказ", "Lost"), way: "side", legal: false, say: w("Нужна причина.", "A reason is needed."), finding: group("enter:lost", "all", "", [leaf("field:lost_reason", false, lost, field("lost_reason", lost, "choice", "", "", r ? ["дорого", "не ответил", "передумал"] : ["too expensive", "no answer", "changed mind"]))]) },
      { stage: "quote", name: w("Расчёт и предложение", "Quote"), way: "back", legal: true, say: null, finding: null },
    ],
    decisions: [
      { id: "7K3FQ2", at: ago(3), kind: "refused", say: w("В колонку «Подключение» рано: карточка вернулась в «Договор».", "Too early for “Connection”: the card is back in “Contract”."), by: w("Егор (инженер)", "Eddie (engineer)"), version: "4", disputed: false },
      { id: "2", at: ago(75), kind: "allowed", say: w("Перевод: «Расчёт и предложение» → «Договор».", "Moved: “Quote” → “Contract”."), by: maria.name, version: "4", disputed: false },
      { id: "3", at: ago(99), kind: "allowed", say: w("Перевод: «Сбор данных» → «Расчёт и предложение».", "Moved: “Details” → “Quote”."), by: maria.name, version: "3", disputed: true },
      { id: "4", at: ago(140), kind: "allowed", say: w("Перевод: «Новый запрос» → «Сбор данных».", "Moved: “New request” → “Details”."), by: maria.name, version: "3", disputed: false },
    ],
    places: [],
    at: ago(0),
  };
}

/** 3 lacks things; 4 has all; 5 is late, aside and elsewhere; foreign, free, none: errors. */
export function cards(lang: Lang, id: string): CardView | null {
  const view = kefir(lang);
  const w = (ru: string, en: string) => (lang === "ru" ? ru : en);
  if (id === "3") return view;
  if (id === "4") {
    const move = view.moves[0];
    const each = (one: Finding) => {
      one.ok = true;
      one.parts.forEach(each);
    };
    if (move?.finding) each(move.finding);
    if (move) Object.assign(move, { legal: true, say: null });
    return { ...view, card: { ...view.card, id: "4" } };
  }
  if (id !== "5") return null;
  const [, , , olga] = PEOPLE[lang];
  return {
    ...view,
    card: { ...view.card, id: "5", name: w("Бумажный Кит", "Paper Whale") },
    process: { ...view.process, mode: "watch" },
    you: { ...view.you, id: "ilya", writes: false, admin: false },
    track: track(lang, 7),
    standing: { key: "register", name: w("Регистрация в учёте", "Registration"), side: false, since: ago(99), so_far_minutes: 1440, limit_minutes: 480, late: true },
    trouble: { kind: "not_admitted", say: w("Карточка не допущена: начинать по ней рано. В 15:40 она будет проверена снова.", "This card is not admitted: too early to work on. At 15:40 it is checked again.") },
    turn: { role: w("бухгалтер", "accountant"), people: olga ? [olga] : [] },
    places: [
      { target: "billing", name: w("Биллинг", "Billing"), state: "confirmed", number: "S-10442", link: "#", say: null },
      { target: "accounting", name: w("Учётная система", "Accounting"), state: "by_hand", number: "318", link: null, say: null },
      { target: "crm", name: "CRM", state: "several", number: null, link: null, say: w("Под этим адресом два контакта: выберите, который верный.", "Two contacts have this address: choose the right one.") },
      { target: "list", name: w("Общий список", "Common list"), state: "down", number: null, link: null, say: w("Не отвечает с 14:02, попытки продолжаются.", "No answer since 14:02, trying on.") },
    ],
  };
}

export function decision(lang: Lang, id: string): DecisionView {
  const view = kefir(lang);
  return {
    decision: view.decisions.find((one) => one.id === id) ?? view.decisions[0]!,
    card: view.card,
    stage: "invoice",
    finding: view.moves[0]?.finding ?? null,
    version: "4",
    rule: '[[stage]]\nkey = "invoice"\nowner = "accountant"\nmovers = ["manager"]\nlimit = "24h"\n',
  };
}

const NAMES: Record<Lang, string[]> = {
  ru: ["Радио Чайник", "Полуночный Трамвай", "Кефир FM", "Зелёный Валенок", "Тихий Будильник", "Запасной Аэродром", "Бумажный Кит", "Тёплый Подвал"],
  en: ["Radio Teapot", "Midnight Tram", "Kefir FM", "Green Felt Boot", "Quiet Alarm Clock", "Spare Airfield", "Paper Whale", "Warm Cellar"],
};
export const LIMITS = [240, 1440, 480, 2400, 1440, 960, 480, 480, null];
const OWNERS = [0, 0, 0, 0, 3, 1, 1, 3, 0];

export function board(lang: Lang, n: number): BoardView {
  const w = (ru: string, en: string) => (lang === "ru" ? ru : en);
  const people = PEOPLE[lang];
  const { process, you } = kefir(lang);
  const todo = [w("Первый платёж пришёл", "First payment received"), w("Номер договора", "Contract number"), w("Договор подписан обеими сторонами", "Contract signed by both sides")];
  return {
    process, you, at: ago(0),
    stages: STAGES[lang].map(([key, name, purpose], at) => ({
      key, name, purpose, work: w("Пройти чек-лист этапа сверху вниз.", "Go through the stage's checklist from the top."), once: null,
      phase: null, side: false, final: at === 8,
      owner: { role: w("менеджер", "manager"), people: [people[OWNERS[at] ?? 0]!] },
      movers: [w("менеджер", "manager")], limit_minutes: LIMITS[at] ?? null, needs: at ? todo : [], wip: null, list: `list-${key}`,
    })),
    cards: Array.from({ length: n }, (_, at): BoardCard => {
      const stage = at < 8 ? at : (at * 5) % 9;
      const limit = LIMITS[stage] ?? null;
      const spent = 60 + ((at * 397) % 2600);
      const missing = (at * 3) % 5;
      const person = people[stage === 5 && at % 2 ? 2 : (OWNERS[stage] ?? 0)];
      const round = Math.floor(at / 8);
      return {
        id: String(at + 1), name: `${NAMES[lang][at % 8]}${round ? ` ${round + 1}` : ""}`, url: "#", stage: STAGES[lang][stage]?.[0] ?? null,
        since: ago(spent / 60), so_far_minutes: spent, limit_minutes: limit, late: limit !== null && spent > limit, missing,
        todo: todo.slice(0, missing), turn: stage === 8 || !person ? [] : [person], next: STAGES[lang][stage + 1]?.[1] ?? null,
        refused_at: at % 6 === 2 ? ago(3) : null, not_admitted: at % 13 === 4,
      };
    }),
  };
}

export function badges(): BadgesView {
  return { cards: { "3": { so_far_minutes: 1625, limit_minutes: 2400, late: false, missing: 5, ready: false, refused_at: ago(3), not_admitted: false } }, at: ago(0) };
}
