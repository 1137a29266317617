//! Stripe: a client is a customer, found by e-mail, and under it a subscription of the card's own,
//! found by its metadata: two stations of one organisation are one customer with two subscriptions.
//! Nothing is charged before a client is active: until then there are the customer and the plan.
//! Leaving ends the subscription on its day; customer and subscription stay.

mod api;
mod record;
mod wish;

use super::door::Door;
use super::{Found, Outcome, System};
use crate::model::Status;
use crate::process::target::{Client, Target};
use api::{Api, Form, code, id, number, pair, refused, text};
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{
    MARK, ahead, at_period_end, change, customer_form, ends, item, mark, one_of, royalty_form,
    says, unpaid,
};
use reqwest::StatusCode;
use serde_json::Value;
use tokio::sync::Mutex;
use wish::{Plan, Royalty, Wish};

/// Two cards of one client, each a lane of its own, are not to make a customer each.
static MAKING: Mutex<()> = Mutex::const_new(());

pub(super) struct Stripe {
    api: Api,
    itself: bool,
    /// Whether an amount is put there.
    charges: bool,
}

/// What there is under a customer by our key.
struct Under {
    subscription: Option<Value>,
    /// Subscriptions that are over, oldest first.
    ended: Vec<String>,
    now: Option<Timestamp>,
}

impl Stripe {
    pub(super) fn new(door: Door, target: &Target) -> Self {
        Self {
            api: Api::new(door),
            charges: target.put.iter().any(|put| put.name == "amount"),
            itself: target.url.contains("//api.stripe.com/"),
        }
    }

    async fn find(&self, client: &Client) -> Result<Option<Value>, Outcome> {
        if let Some(customer) = self.known(client).await? {
            return Ok(Some(customer));
        }
        let mut alike = Vec::new();
        if let Some(email) = client.value("email") {
            (alike, _) = self.api.list("customers", &[("email", email)]).await?;
        }
        let ours = |one: &&Value| mark(one) == client.key;
        let mut found: Vec<_> = alike.iter().filter(ours).cloned().collect();
        if found.is_empty() {
            // Its e-mail may have been mended since it was made.
            found = self.api.search("customers/search", &client.key).await?;
            found.retain(|one| mark(one) == client.key);
        }
        if found.is_empty() && !client.matching.is_empty() {
            let same = |one: &Value| {
                let mut by = client.matching.iter();
                by.all(|(name, value)| text(one, name) == value)
            };
            found = alike;
            found.retain(same);
        }
        one_of(found)
    }

    /// By their name for what was confirmed.
    async fn known(&self, client: &Client) -> Result<Option<Value>, Outcome> {
        let Some(known) = &client.known else {
            return Ok(None);
        };
        let list = match known.split_once('_') {
            Some(("sub", _)) => "subscriptions",
            Some(("ii", _)) => "invoiceitems",
            _ => return self.api.one(&format!("customers/{known}")).await,
        };
        match self.api.one(&format!("{list}/{known}")).await? {
            Some(record) => {
                let customer = text(&record, "customer");
                self.api.one(&format!("customers/{customer}")).await
            }
            None => Ok(None),
        }
    }

    async fn under(&self, customer: &str, of: &str) -> Result<Under, Outcome> {
        let query = [("customer", customer), ("status", "all")];
        let (mut ours, now) = self.api.list("subscriptions", &query).await?;
        ours.retain(|one| mark(one) == of);
        ours.sort_by_key(|one| number(one, "created"));
        let over = |one: &Value| ["canceled", "incomplete_expired"].contains(&text(one, "status"));
        let (ended, live): (Vec<_>, Vec<_>) = ours.into_iter().partition(over);
        Ok(Under {
            subscription: one_of(live)?,
            ended: ended.iter().map(|one| id(one).to_owned()).collect(),
            now,
        })
    }

    /// The line of royalties, as long as it stands on no invoice; whether there was one at all.
    async fn royalty(&self, customer: &str, of: &str) -> Result<(Option<Value>, bool), Outcome> {
        let query = [("customer", customer)];
        let (mut ours, _) = self.api.list("invoiceitems", &query).await?;
        ours.retain(|one| mark(one) == of);
        let any = !ours.is_empty();
        ours.retain(|one| one.get("invoice").is_none_or(Value::is_null));
        Ok((one_of(ours)?, any))
    }

    async fn make(&self, client: &Client) -> Result<Value, Outcome> {
        let _alone = MAKING.lock().await;
        if let Some(made) = self.find(client).await? {
            return Ok(made);
        }
        let mut form = customer_form(&Value::Null, client);
        form.push(pair(&format!("metadata[{MARK}]"), &client.key));
        let answer = self.api.post("customers", &form, &client.key, "").await?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        // What is refused may have been done all the same.
        self.find(client).await?.ok_or_else(|| refused(&answer))
    }

    /// Writes what differs; nothing where nothing does.
    async fn write(
        &self,
        path: &str,
        form: Form,
        client: &Client,
        seen: &Value,
    ) -> Result<(), Outcome> {
        if form.is_empty() {
            return Ok(());
        }
        let seen = seen.to_string();
        let answer = self.api.post(path, &form, &client.key, &seen).await?;
        match answer.status.is_success() {
            true => Ok(()),
            false => Err(refused(&answer)),
        }
    }

    /// All clients of a price share a plan. One of that id that says something else is somebody's.
    async fn plan(&self, plan: &Plan) -> Result<(), Outcome> {
        let path = format!("plans/{}", plan.id);
        let mut there = self.api.one(&path).await?;
        if there.is_none() {
            let answer = self.api.post("plans", &plan.form(), "", "").await?;
            let taken = answer.status == StatusCode::CONFLICT
                || code(&answer) == Some("resource_already_exists");
            there = match answer.status.is_success() {
                true => Some(answer.body),
                false if taken => self.api.one(&path).await?,
                false => return Err(refused(&answer)),
            };
        }
        match there.is_some_and(|there| says(&there, plan).is_empty()) {
            true => Ok(()),
            false => Err(Outcome::Refused {
                why: format!("the plan {} is not what its name says", plan.id),
            }),
        }
    }

    async fn subscribe(
        &self,
        customer: &str,
        client: &Client,
        plan: &Plan,
        wish: &Wish,
        under: &Under,
    ) -> Result<Value, Outcome> {
        let mut form = vec![
            pair("customer", customer),
            pair("items[0][plan]", &plan.id),
            pair(&format!("metadata[{MARK}]"), &wish.mark),
        ];
        if let Some(from) = wish.charge_from.filter(|from| ahead(*from, under.now)) {
            form.push(pair("trial_end", from.as_second().to_string()));
        }
        if let Some(days) = &wish.days_until_due {
            form.push(pair("collection_method", "send_invoice"));
            form.push(pair("days_until_due", days));
        }
        // After one that is over another is meant, though it is asked for in the same words.
        let ended = under.ended.join(" ");
        let answer = self
            .api
            .post("subscriptions", &form, &client.key, &ended)
            .await?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        let refusal = refused(&answer);
        let made = self.under(customer, &wish.mark).await?.subscription;
        match made {
            Some(made) if !unpaid(&made) => Ok(made),
            _ => Err(refusal),
        }
    }

    async fn charge_royalty(
        &self,
        customer: &str,
        subscription: Option<&Value>,
        client: &Client,
        wish: &Wish,
        royalty: &Royalty,
    ) -> Result<String, Outcome> {
        let (standing, any) = self.royalty(customer, &wish.mark).await?;
        let mut form = royalty_form(standing.as_ref(), royalty);
        match standing {
            Some(line) => {
                let path = format!("invoiceitems/{}", id(&line));
                self.write(&path, form, client, &line).await?;
                Ok(id(&line).to_owned())
            }
            // It has been charged.
            None if any => Ok(customer.to_owned()),
            None => {
                form.push(pair("customer", customer));
                form.push(pair("currency", &royalty.currency));
                form.push(pair(&format!("metadata[{MARK}]"), &wish.mark));
                form.extend(subscription.map(|one| pair("subscription", id(one))));
                let path = "invoiceitems";
                let answer = self.api.post(path, &form, &client.key, "").await?;
                match answer.status.is_success() {
                    true => Ok(id(&answer.body).to_owned()),
                    false => Err(refused(&answer)),
                }
            }
        }
    }

    async fn bring_about(&self, client: &Client) -> Result<Outcome, Outcome> {
        let wish = Wish::of(client)?;
        let customer = match self.find(client).await? {
            Some(customer) => customer,
            None if client.status == Status::Retired => {
                return Err(Outcome::Refused {
                    why: "there is no such customer to retire".into(),
                });
            }
            None => self.make(client).await?,
        };
        let number = id(&customer).to_owned();
        let under = self.under(&number, &wish.mark).await?;
        if client.status == Status::Retired {
            return self.end(&number, client, &wish, under).await;
        }
        let path = format!("customers/{number}");
        let mut form = customer_form(&customer, client);
        if mark(&customer).is_empty() {
            form.push(pair(&format!("metadata[{MARK}]"), &client.key));
        }
        self.write(&path, form, client, &customer).await?;
        if client.status == Status::Pending {
            if let Some(plan) = &wish.plan {
                self.plan(plan).await?;
            }
            let stands = under.subscription.as_ref().map_or(&*number, id);
            return Ok(self.confirmed(stands));
        }
        let mut stands = number.clone();
        let mut subscription = under.subscription.clone();
        if let Some(plan) = &wish.plan {
            let running = match subscription {
                Some(running) => running,
                None => {
                    self.plan(plan).await?;
                    self.subscribe(&number, client, plan, &wish, &under).await?
                }
            };
            if unpaid(&running) {
                return Err(Outcome::Refused {
                    why: "the first payment of the subscription has not gone through".into(),
                });
            }
            let form = change(&running, plan, &wish, under.now);
            if form.iter().any(|(name, _)| name == "items[0][plan]") {
                self.plan(plan).await?;
            }
            id(&running).clone_into(&mut stands);
            let path = format!("subscriptions/{stands}");
            self.write(&path, form, client, &running).await?;
            subscription = Some(running);
        }
        if self.charges && wish.plan.is_none() && subscription.is_some() {
            return Err(Outcome::Refused {
                why: "it is being charged there, and the card has no amount".into(),
            });
        }
        if let Some(royalty) = &wish.royalty {
            let under = subscription.as_ref();
            let line = self
                .charge_royalty(&number, under, client, &wish, royalty)
                .await?;
            if !self.charges {
                stands = line;
            }
        }
        Ok(self.confirmed(&stands))
    }

    /// What was paid for is had: where the day is not known or has passed, it ends with its period.
    async fn end(
        &self,
        customer: &str,
        client: &Client,
        wish: &Wish,
        under: Under,
    ) -> Result<Outcome, Outcome> {
        let Some(running) = under.subscription else {
            let stands = under.ended.last().map_or(customer, |ended| ended);
            return Ok(self.confirmed(stands));
        };
        let path = format!("subscriptions/{}", id(&running));
        let day = wish.leave.filter(|day| ahead(*day, under.now));
        let form = match day.map(Timestamp::as_second) {
            Some(day) if number(&running, "cancel_at") == Some(day) => Form::new(),
            Some(day) => vec![pair("cancel_at", day.to_string())],
            None if at_period_end(&running) => Form::new(),
            None => vec![pair("cancel_at_period_end", "true")],
        };
        self.write(&path, form, client, &running).await?;
        Ok(self.confirmed(id(&running)))
    }

    fn confirmed(&self, stands: &str) -> Outcome {
        let (id, link) = (stands.to_owned(), self.link(stands));
        Outcome::Confirmed { id, link }
    }

    fn link(&self, stands: &str) -> Option<String> {
        let list = match stands.split_once('_') {
            Some(("sub", _)) => "subscriptions",
            Some(("ii", _)) => "invoiceitems",
            _ => "customers",
        };
        match self.itself {
            true => Some(format!("https://dashboard.stripe.com/{list}/{stands}")),
            false => self.api.link(&format!("{list}/{stands}")),
        }
    }
}

#[async_trait]
impl System for Stripe {
    async fn upsert(&self, client: &Client) -> Outcome {
        self.bring_about(client)
            .await
            .unwrap_or_else(|outcome| outcome)
    }

    async fn billed(
        &self,
        client: &Client,
        from: Date,
        before: Date,
    ) -> Result<Option<bool>, Outcome> {
        let wish = Wish::of(client)?;
        if wish.plan.is_none() {
            return Ok(None);
        }
        let Some(customer) = self.find(client).await? else {
            return Ok(Some(false));
        };
        let of = [("customer", id(&customer))];
        let (made, _) = self.api.list("invoices", &of).await?;
        let under = self.under(id(&customer), &wish.mark).await?;
        let ours = under.subscription.as_ref().map_or("", id);
        let begins = |day: Date| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
        let span = begins(from).zip(begins(before));
        let went_out = |one: &Value| {
            let at = number(one, "created").and_then(|at| Timestamp::from_second(at).ok());
            let within = span.zip(at);
            let within = within.is_some_and(|((from, before), at)| (from..before).contains(&at));
            let out = !["draft", "void"].contains(&text(one, "status"));
            within && out && text(one, "subscription") == ours
        };
        Ok(Some(made.iter().any(went_out)))
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        let wish = Wish::of(client)?;
        let Some(customer) = self.find(client).await? else {
            return Ok(Found::Nothing);
        };
        let number = id(&customer).to_owned();
        let under = self.under(&number, &wish.mark).await?;
        let mut differs: Vec<_> = customer_form(&customer, client)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let mut stands = number.clone();
        let status = match &under.subscription {
            None if !under.ended.is_empty() => Status::Retired,
            None => Status::Pending,
            Some(running) if ends(running) => Status::Retired,
            Some(running) if unpaid(running) => Status::Pending,
            Some(_) => Status::Active,
        };
        if let Some(running) = under.subscription.as_ref().filter(|_| self.charges) {
            id(running).clone_into(&mut stands);
        }
        let stays = client.status != Status::Retired;
        if self.charges && stays && wish.plan.is_none() && under.subscription.is_some() {
            differs.push("amount".into());
        }
        if let (Some(plan), Some(running)) = (&wish.plan, &under.subscription) {
            differs.extend(says(item(running).1, plan).into_iter().map(str::to_owned));
            if change(running, plan, &wish, under.now)
                .iter()
                .any(|(name, _)| name == "trial_end")
            {
                differs.push("charge_from".into());
            }
        }
        if let (Some(royalty), Status::Active) = (&wish.royalty, client.status) {
            let (line, any) = self.royalty(&number, &wish.mark).await?;
            if line.is_some() || !any {
                let form = royalty_form(line.as_ref(), royalty);
                differs.extend(form.into_iter().map(|(name, _)| match name.as_str() {
                    "amount" => "royalty_amount".to_owned(),
                    _ => "royalty_text".to_owned(),
                }));
            }
        }
        Ok(Found::One {
            link: self.link(&stands),
            id: stands,
            // Of a customer alone nothing says how the client stands.
            status: self.charges.then_some(status),
            differs,
        })
    }
}
