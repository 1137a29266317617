const t = window.TrelloPowerUp.iframe({ targetOrigin: document.documentElement.dataset.host });
const rows = document.getElementById("rows");
t.render(async () => {
  const [lists, cards] = await Promise.all([t.lists("id", "name"), t.cards("id", "name", "idList")]);
  rows.replaceChildren(
    ...lists.map(({ id, name }) => {
      const row = document.createElement("li");
      row.textContent = `${name}: ${cards.filter((card) => card.idList === id).length}`;
      return row;
    }),
  );
  rows.dataset.first = cards[0].id;
});
document.getElementById("open").addEventListener("click", () => t.showCard(rows.dataset.first));
document.getElementById("wide").addEventListener("click", () => t.updateModal({ title: "The ball, wide", fullscreen: true }));
