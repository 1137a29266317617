//! The three things to try, played by hand on the practice board and told as a story. Each step looks
//! at what the board became; a step that did not end as it should ends the story.

use super::terminal::line;
use crate::process::{ItemKey, Process};
use crate::sandbox::model::{Card, CheckItem};
use crate::sandbox::radio::Demo;
use crate::sandbox::state::State;
use crate::sandbox::world::{Hand, World};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

type Told = Result<(), String>;

struct Stage<'a> {
    world: &'a World,
    demo: &'a Demo,
    process: &'a Process,
}

pub(super) async fn play(world: &World, demo: &Demo, process: &Process) -> Told {
    let stage = Stage {
        world,
        demo,
        process,
    };
    stage.too_early().await?;
    stage.paid().await?;
    stage.five_places().await?;
    line("✓ All three ended as they should.");
    Ok(())
}

impl Stage<'_> {
    async fn too_early(&self) -> Told {
        line("1. The engineer drags a station into the connection before there is a contract.");
        let before = self.card("kefir");
        let started = Instant::now();
        self.drag("ilya_demo", "kefir", "connect")?;
        let home = self.list("contract");
        let back = |card: &Card| card.list == home && card.pos == before.pos;
        self.until("the card goes back to its place", || {
            back(&self.card("kefir"))
        })
        .await?;
        let took = started.elapsed().as_millis();
        self.until("a comment explains it", || {
            !self.comments("kefir").is_empty()
        })
        .await?;
        let comment = self.comments("kefir").remove(0);
        let mut wanted = vec![
            "@ilya_demo".to_owned(),
            "@maria_demo".to_owned(),
            self.stage_name("invoice"),
        ];
        wanted.extend(["signed", "paid"].map(|item| self.item_name(item)));
        mentions(&comment, &wanted)?;
        line(format!(
            "   It was back at its old place after {took} ms, with this comment:"
        ));
        quote(&comment);
        self.rest().await;
        expect(
            self.comments("kefir").len() == 1,
            "there is exactly one comment",
        )
    }

    async fn paid(&self) -> Told {
        line("2. The payment arrives, the manager moves the station into the connection.");
        self.tick("olga_demo", "boot", "paid")?;
        self.drag("maria_demo", "boot", "connect")?;
        let seeded = || {
            let card = self.card("boot");
            let engineers = ["ilya_demo", "egor_demo"].map(|name| self.person(name));
            let items = self.items("boot", "connect");
            items.len() == 9
                && card.due.is_some()
                && card.members.iter().any(|id| engineers.contains(id))
        };
        self.until("nine items, an engineer and a due date appear", seeded)
            .await?;
        self.until("the engineer is told", || !self.comments("boot").is_empty())
            .await?;
        line(
            "   It stays. The engineer's nine items are there, an engineer is on the card, the due date is set:",
        );
        quote(&self.comments("boot").remove(0));
        self.drag("maria_demo", "boot", "invoice")?;
        self.rest().await;
        self.drag("maria_demo", "boot", "connect")?;
        self.rest().await;
        let card = self.card("boot");
        expect(
            card.list == self.list("connect"),
            "after going back and forth it stays",
        )?;
        expect(
            self.items("boot", "connect").len() == 9,
            "there is still one checklist of nine items",
        )?;
        expect(
            self.item("boot", "paid").is_some_and(|item| item.complete),
            "the payment is still ticked",
        )?;
        line("   Back and forth again: still one checklist, and the payment is still ticked.");
        Ok(())
    }

    async fn five_places(&self) -> Told {
        line(
            "3. An engineer ticks the accountant's item and drags the station to the active clients.",
        );
        self.tick("egor_demo", "whale", "p_crm")?;
        self.drag("egor_demo", "whale", "active")?;
        let home = self.list("register");
        self.until("the card goes back", || self.card("whale").list == home)
            .await?;
        let off = || {
            self.item("whale", "p_crm")
                .is_some_and(|item| !item.complete)
        };
        self.until("the tick is taken off", off).await?;
        self.until("both are explained", || self.comments("whale").len() >= 2)
            .await?;
        let said = self.comments("whale");
        let wanted: Vec<String> = ["p_crm", "p_list", "all_checked"]
            .map(|item| self.item_name(item))
            .into();
        let refusal = said.iter().find(|text| mentions(text, &wanted).is_ok());
        let refusal =
            refusal.ok_or("a comment names the two places that are left, and the last tick")?;
        mentions(refusal, &["@olga_demo".to_owned()])?;
        line("   The tick is off and the card is back:");
        said.iter().for_each(|text| quote(text));
        for item in ["p_crm", "p_list", "all_checked"] {
            self.tick("olga_demo", "whale", item)?;
        }
        self.drag("olga_demo", "whale", "active")?;
        let on_air = self.process.label("on_air").map(|label| label.name.clone());
        let labelled = || {
            self.labels("whale")
                .iter()
                .any(|name| Some(name) == on_air.as_ref())
        };
        self.until("the label of stations on air appears", labelled)
            .await?;
        self.rest().await;
        expect(
            self.card("whale").list == self.list("active"),
            "the card stays",
        )?;
        line(
            "   The accountant ticks the two places and the last item, and drags: it stays, on air.",
        );
        Ok(())
    }

    // Doing --------------------------------------------------------------------------------------

    fn hand(&self, username: &str) -> Hand {
        self.world.hand(&self.person(username))
    }

    fn drag(&self, username: &str, card: &str, stage: &str) -> Told {
        let wish = json!({ "idList": self.list(stage), "pos": "top" });
        let done = self
            .hand(username)
            .put(&format!("cards/{}", self.id(card)), wish);
        done.map(drop).map_err(|refusal| refusal.text)
    }

    fn tick(&self, username: &str, card: &str, item: &str) -> Told {
        let found = self
            .item(card, item)
            .ok_or_else(|| format!("{card} has no item {item}"))?;
        let path = format!("cards/{}/checkItem/{}", self.id(card), found.id);
        let done = self
            .hand(username)
            .put(&path, json!({ "state": "complete" }));
        done.map(drop).map_err(|refusal| refusal.text)
    }

    // Looking ------------------------------------------------------------------------------------

    async fn until(&self, what: &str, mut holds: impl FnMut() -> bool) -> Told {
        let started = Instant::now();
        while !holds() {
            if started.elapsed() > Duration::from_secs(8) {
                return Err(format!("It did not happen: {what}."));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Until nothing has happened on the board for a while.
    async fn rest(&self) {
        let mut seen = 0;
        let mut since = Instant::now();
        while since.elapsed() < Duration::from_millis(700) {
            let now = self.world.with(|state| state.actions.len());
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn id(&self, card: &str) -> String {
        self.demo.cards.get(card).cloned().unwrap_or_default()
    }
    fn list(&self, stage: &str) -> String {
        self.demo.lists.get(stage).cloned().unwrap_or_default()
    }
    fn person(&self, username: &str) -> String {
        self.demo.people.get(username).cloned().unwrap_or_default()
    }
    fn stage_name(&self, key: &str) -> String {
        let stage = self.process.stage(&key.into());
        stage.map(|stage| stage.name.clone()).unwrap_or_default()
    }
    fn item_name(&self, key: &str) -> String {
        let item = self.process.item(&ItemKey::from(key));
        item.map(|item| item.name.clone()).unwrap_or_default()
    }

    fn card(&self, key: &str) -> Card {
        let id = self.id(key);
        self.world.with(|state| state.cards[&id].clone())
    }

    fn item(&self, card: &str, key: &str) -> Option<CheckItem> {
        let (id, name) = (self.id(card), self.item_name(key));
        let find = |state: &mut State| {
            let lists = state.checklists.values().filter(|list| list.card == id);
            lists
                .flat_map(|list| &list.items)
                .find(|item| item.name == name)
                .cloned()
        };
        self.world.with(find)
    }

    /// All items of all checklists of that name.
    fn items(&self, card: &str, checklist: &str) -> Vec<CheckItem> {
        let id = self.id(card);
        let name = self
            .process
            .checklist(&checklist.into())
            .map(|list| list.name.clone());
        let find = |state: &mut State| {
            let own = state.checklists.values().filter(|list| list.card == id);
            let named = own.filter(|list| Some(&list.name) == name.as_ref());
            named.flat_map(|list| list.items.clone()).collect()
        };
        self.world.with(find)
    }

    fn labels(&self, card: &str) -> Vec<String> {
        let labels = self.card(card).labels;
        self.world.with(|state| {
            let known = labels.iter().filter_map(|id| state.labels.get(id));
            known.map(|label| label.name.clone()).collect()
        })
    }

    /// What the service said on a card, the oldest first.
    fn comments(&self, card: &str) -> Vec<String> {
        let id = self.id(card);
        let bot = &self.demo.bot;
        self.world.with(|state| {
            let own = state.actions.iter().filter(|action| {
                action.kind == "commentCard"
                    && action.card.as_ref() == Some(&id)
                    && action.member == *bot
            });
            let text = |action: &crate::sandbox::model::Action| {
                action.value["data"]["text"].as_str().map(str::to_owned)
            };
            own.filter_map(text).collect()
        })
    }
}

fn expect(holds: bool, what: &str) -> Told {
    holds
        .then_some(())
        .ok_or_else(|| format!("It is not so: {what}."))
}

/// Quotes within quotes are written otherwise.
fn unquoted(text: &str) -> String {
    text.replace(['«', '»', '„', '“', '”', '‘', '’'], "")
}

fn mentions(comment: &str, wanted: &[String]) -> Told {
    let told = unquoted(comment);
    match wanted.iter().find(|part| !told.contains(&unquoted(part))) {
        None => Ok(()),
        Some(part) => Err(format!("The comment does not name “{part}”:\n{comment}")),
    }
}

fn quote(comment: &str) {
    for text in comment.lines() {
        line(format!("     │ {text}"));
    }
}
