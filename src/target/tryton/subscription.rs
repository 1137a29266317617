//! What a card's client is charged again and again: a subscription, a draft while it is prepared,
//! running once it is active. One that runs is changed by way of a draft, in four requests; which of
//! them is next is read from how it stands, so that whatever broke off is gone on with.

use super::super::Outcome;
use super::steps::{
    Step, Wish, begins_otherwise, date, day, decimal, has_run, line, next, refuse, same_price, text,
};
use super::{Tryton, id, refused};
use crate::model::Status;
use crate::process::target::Client;
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Value, json};

const MODEL: &str = "sale.subscription";
const FIELDS: [&str; 11] = [
    "state",
    "reference",
    "start_date",
    "end_date",
    "next_invoice_date",
    "currency.code",
    "lines.unit_price",
    "lines.end_date",
    "lines.start_date",
    "lines.consumed_until",
    "lines.service.product.code",
];
const OPEN: [&str; 3] = ["draft", "quotation", "running"];
/// The longest way there is, from a quotation to another that begins on another day, is shorter.
const STEPS: usize = 10;

/// The party's that are not over.
pub(super) struct Under {
    pub(super) ours: Option<Value>,
    pub(super) others: bool,
}

impl Tryton {
    /// Without it nothing of a company's own can be read or written.
    async fn company(&self) -> Result<i64, Outcome> {
        let found = self.company.get_or_try_init(async || {
            let found = self.search("company.company", &["id"], &json!([])).await?;
            match found.as_slice() {
                [one] => Ok(id(one)),
                _ => refuse(format!("it keeps {} companies, not one", found.len())),
            }
        });
        found.await.copied()
    }

    async fn under(&self, party: i64, wish: &Wish<'_>) -> Result<Under, Outcome> {
        self.company().await?;
        let domain = json!([["party", "=", party], ["state", "in", OPEN]]);
        let all = self.search(MODEL, &FIELDS, &domain).await?;
        let ours = |one: &Value| text(one, "reference") == wish.reference;
        let (mut ours, others): (Vec<_>, Vec<_>) = all.into_iter().partition(ours);
        if ours.len() > 1 {
            let ids = ours.iter().map(|one| format!("{MODEL} {}", id(one)));
            return Err(Outcome::Several { ids: ids.collect() });
        }
        Ok(Under {
            ours: ours.pop(),
            others: !others.is_empty(),
        })
    }

    /// Brings it about that the card has the one that is wished for, and says what there is then.
    pub(super) async fn subscribe(&self, party: i64, client: &Client) -> Result<Under, Outcome> {
        let wish = Wish::of(client)?;
        for _ in 0..STEPS {
            let under = self.under(party, &wish).await?;
            let ours = under.ours.as_ref();
            match next(ours, &wish)? {
                Step::Done => return Ok(under),
                Step::Create => self.begin(party, &wish).await?,
                Step::Write(set) => {
                    let path = format!("{MODEL}/{}", ours.map(id).unwrap_or_default());
                    let written = self.put(&path, &Value::Object(set)).await;
                    if let (Err(Outcome::Refused { .. }), Some(ours)) = (&written, ours)
                        && has_run(ours)
                    {
                        // What was charged before goes on being charged.
                        for action in ["quote", "run"] {
                            self.call(&path, action).await?;
                        }
                    }
                    written?;
                }
                Step::Call(action) => {
                    let path = format!("{MODEL}/{}", ours.map(id).unwrap_or_default());
                    self.call(&path, action).await?;
                }
            }
        }
        Err(Outcome::Unknown {
            why: "somebody else is changing the subscription".into(),
        })
    }

    /// How the card stands by it, where it says so, and the names of what it says otherwise.
    pub(super) async fn subscribed(
        &self,
        party: i64,
        client: &Client,
    ) -> Result<(Option<Status>, Vec<&'static str>), Outcome> {
        let wish = Wish::of(client)?;
        let Some(ours) = self.under(party, &wish).await?.ours else {
            let domain = json!([["party", "=", party], ["reference", "=", wish.reference]]);
            let over = self.search(MODEL, &["state"], &domain).await?;
            return Ok(match (wish.amount, over.is_empty()) {
                (None, true) => (None, Vec::new()),
                (Some(_), true) => (Some(Status::Pending), vec!["amount"]),
                (_, false) => (Some(Status::Retired), Vec::new()),
            });
        };
        let status = match text(&ours, "state") {
            "running" if date(&ours, "end_date").is_some() => Status::Retired,
            "running" => Status::Active,
            _ => Status::Pending,
        };
        let line = line(&ours, &wish)?;
        let mut differs = Vec::new();
        if wish.status != Status::Retired && !same_price(line, &wish) {
            differs.push("amount");
        }
        if begins_otherwise(&ours, line, &wish) {
            differs.push("charge_from");
        }
        Ok((Some(status), differs))
    }

    /// Whether the party has an invoice of that span that went out.
    pub(super) async fn invoiced(
        &self,
        party: i64,
        from: Date,
        before: Date,
    ) -> Result<bool, Outcome> {
        self.company().await?;
        let domain = json!([
            ["type", "=", "out"],
            ["party", "=", party],
            ["state", "in", ["posted", "paid"]],
            ["invoice_date", ">=", day(from)],
            ["invoice_date", "<", day(before)]
        ]);
        let found = self.search("account.invoice", &["state"], &domain).await?;
        Ok(!found.is_empty())
    }

    async fn begin(&self, party: i64, wish: &Wish<'_>) -> Result<(), Outcome> {
        let (Some(amount), Some(from)) = (wish.amount, wish.from) else {
            return refuse("it is not said from when to charge".into());
        };
        let domain = json!([["product.code", "=", wish.product]]);
        let fields = ["product.default_uom", "consumption_recurrence"];
        let services = self.search("sale.subscription.service", &fields, &domain);
        let services = services.await?;
        let Some(service) = services.first() else {
            return refuse(format!(
                "there is no service of the product “{}”",
                wish.product
            ));
        };
        let recurrence = match wish.recurrence {
            None => service.get("consumption_recurrence").cloned(),
            Some(name) => {
                let model = "sale.subscription.recurrence.rule.set";
                let domain = json!([["name", "=", name]]);
                let found = self.search(model, &["name"], &domain).await?;
                let Some(found) = found.first().map(id) else {
                    return refuse(format!("there is no recurrence “{name}”"));
                };
                Some(found.into())
            }
        };
        let domain = json!([["party", "=", party]]);
        let addresses = self.search("party.address", &["id"], &domain).await?;
        let unit = service.get("product");
        let line = json!({
            "service": id(service),
            "quantity": 1,
            "unit": unit.and_then(|product| product.get("default_uom")),
            "unit_price": decimal(amount),
            "start_date": day(from),
            "consumption_recurrence": recurrence,
        });
        let mut subscription = json!({
            "party": party,
            "reference": wish.reference,
            "invoice_address": addresses.first().map(id),
            "invoice_recurrence": recurrence,
            "start_date": day(from),
            "lines": [["create", [line]]],
        });
        if let Some(code) = wish.currency {
            let domain = json!([["code", "=", code]]);
            let found = self.search("currency.currency", &["code"], &domain).await?;
            let Some(currency) = found.first().map(id) else {
                return refuse(format!("there is no currency “{code}”"));
            };
            subscription["currency"] = currency.into();
        }
        let made = self.ask(Method::POST, MODEL, &[], Some(&subscription));
        let made = made.await?;
        match made.status.is_success() {
            true => Ok(()),
            false => Err(refused(&made)),
        }
    }

    async fn put(&self, path: &str, set: &Value) -> Result<(), Outcome> {
        let answer = self.ask(Method::PUT, path, &[], Some(set)).await?;
        match answer.status.is_success() {
            true => Ok(()),
            false => Err(refused(&answer)),
        }
    }

    async fn call(&self, path: &str, action: &str) -> Result<(), Outcome> {
        let path = format!("{path}/{action}");
        let answer = self.ask(Method::POST, &path, &[], Some(&json!({}))).await?;
        match answer.status.is_success() {
            true => Ok(()),
            false => Err(refused(&answer)),
        }
    }
}
