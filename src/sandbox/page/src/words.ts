// What the page itself says. What stands on cards comes from the board.

const en = {
  iAm: "I am",
  addCard: "Add a card",
  cardName: "Name of the card",
  add: "Add",
  cancel: "Cancel",
  close: "Close",
  moveTo: "Move to…",
  description: "Description",
  edit: "Edit",
  save: "Save",
  nothing: "Nothing here yet.",
  attachments: "Attachments",
  addLink: "Attach a link",
  linkAddress: "Address",
  linkName: "Name",
  comments: "Comments and activity",
  write: "Write a comment or a command such as /why",
  send: "Send",
  archive: "Archive",
  copyTo: "Copy to…",
  addItem: "Add an item",
  open: "Open",
  movedTo: "moved it from “{a}” to “{b}”",
  ticked: "ticked “{a}”",
  unticked: "unticked “{a}”",
  created: "created it",
  copied: "made it as a copy",
  cards: "{n} cards",
  due: "Due {a}",
  said: "{a} on “{b}”",
  practice: "Practice board: nothing here leaves this computer",
  failed: "That did not work: {a}",
};
const ru: typeof en = {
  iAm: "Я сейчас",
  addCard: "Добавить карточку",
  cardName: "Название карточки",
  add: "Добавить",
  cancel: "Отмена",
  close: "Закрыть",
  moveTo: "Перевести в…",
  description: "Описание",
  edit: "Изменить",
  save: "Сохранить",
  nothing: "Пока пусто.",
  attachments: "Вложения",
  addLink: "Приложить ссылку",
  linkAddress: "Адрес",
  linkName: "Название",
  comments: "Комментарии и события",
  write: "Комментарий или команда, например /почему",
  send: "Отправить",
  archive: "В архив",
  copyTo: "Скопировать в…",
  addItem: "Добавить пункт",
  open: "Открыть",
  movedTo: "перевод: «{a}» → «{b}»",
  ticked: "отметка: «{a}»",
  unticked: "отметка снята: «{a}»",
  created: "карточка создана",
  copied: "карточка скопирована",
  cards: "карточек: {n}",
  due: "Срок {a}",
  said: "{a} — «{b}»",
  practice: "Учебная доска: ничего отсюда не уходит с этого компьютера",
  failed: "Не получилось: {a}",
};

const wanted = new URLSearchParams(location.search).get("lang") ?? navigator.language;
export const language = wanted.toLowerCase().startsWith("ru") ? "ru" : "en";
document.documentElement.lang = language;

export function say(key: keyof typeof en, parts: Record<string, string | number> = {}): string {
  const text = (language === "ru" ? ru : en)[key];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ""));
}

export function day(date: string): string {
  return new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(date));
}
