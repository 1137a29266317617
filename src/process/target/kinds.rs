//! The kinds of outside place: what each is called in a process file, and what it has room for. How
//! each is spoken to is the business of `target/`.

use super::Keyed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A party in Tryton, over its REST interface.
    Tryton,
    /// A customer and a subscription in Stripe.
    Stripe,
    /// A row of a table in PostgreSQL.
    Postgres,
    /// A contact in an address book, over CardDAV.
    Carddav,
    /// A row of a CSV or XLSX file that people open.
    Table,
    /// A card in a list of another board.
    TrelloList,
    /// Any JSON API, as it is described in `[target.http]` or ready-made.
    Http,
}

/// What holds of every place of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    pub word: &'static str,
    /// How its address may begin.
    pub schemes: &'static [&'static str],
    /// What a record stands for where the file does not say it.
    pub keyed: Keyed,
    /// The names of the fields that can be put there; none: whatever the place calls them.
    pub fields: Option<&'static [&'static str]>,
    /// Those without which nothing can be written.
    pub needs: &'static [&'static str],
    /// It can tell whether a client was charged or invoiced.
    pub bills: bool,
}

impl TargetKind {
    pub fn traits(self) -> Traits {
        match self {
            Self::Tryton => Traits {
                word: "tryton",
                schemes: &["http", "https"],
                keyed: Keyed::Organisation,
                fields: Some(&[
                    "name",
                    "email",
                    "phone",
                    "street",
                    "city",
                    "postal_code",
                    "identifier",
                    "category",
                    "amount",
                    "currency",
                    "charge_from",
                    "reference",
                    "product",
                    "recurrence",
                    "leave_date",
                ]),
                needs: &["name"],
                bills: true,
            },
            Self::Stripe => Traits {
                word: "stripe",
                schemes: &["http", "https"],
                keyed: Keyed::Station,
                fields: Some(&[
                    "name",
                    "email",
                    "phone",
                    "amount",
                    "currency",
                    "interval",
                    "charge_from",
                    "tariff",
                    "days_until_due",
                    "royalty_amount",
                    "royalty_text",
                    "line",
                    "leave_date",
                ]),
                needs: &["name", "email"],
                bills: true,
            },
            Self::Postgres => Traits {
                word: "postgres",
                schemes: &["postgres", "postgresql"],
                keyed: Keyed::Station,
                fields: None,
                needs: &[],
                bills: false,
            },
            Self::Carddav => Traits {
                word: "carddav",
                schemes: &["http", "https"],
                keyed: Keyed::Station,
                fields: Some(&["name", "org", "title", "email", "phone", "url", "note"]),
                needs: &["name"],
                bills: false,
            },
            Self::Table => Traits {
                word: "table",
                schemes: &["file"],
                keyed: Keyed::Station,
                fields: None,
                needs: &[],
                bills: false,
            },
            Self::TrelloList => Traits {
                word: "trello_list",
                schemes: &["trello"],
                keyed: Keyed::Station,
                fields: Some(&["name", "desc", "due", "label"]),
                needs: &["name"],
                bills: false,
            },
            Self::Http => Traits {
                word: "http",
                schemes: &["http", "https"],
                keyed: Keyed::Station,
                fields: None,
                needs: &[],
                bills: false,
            },
        }
    }

    /// Of its fields, those that a record entered by hand can be found by; none: any.
    pub fn known_by(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Tryton => Some(&["name", "email", "phone", "identifier"]),
            Self::Stripe => Some(&["email", "name", "phone"]),
            Self::TrelloList => Some(&["name"]),
            Self::Postgres | Self::Carddav | Self::Table | Self::Http => None,
        }
    }

    /// Whether a record is always one card's own.
    pub fn of_station_alone(self) -> bool {
        matches!(self, Self::Stripe)
    }

    /// Whether it is reached as the boards are, without a key or a network of its own.
    pub fn is_on_trello(self) -> bool {
        matches!(self, Self::TrelloList)
    }

    /// Of its fields, those that are amounts in the smallest unit.
    pub fn minor(self) -> &'static [&'static str] {
        match self {
            Self::Stripe => &["amount", "royalty_amount"],
            _ => &[],
        }
    }

    /// What says nothing without another of its fields, and which.
    pub fn together(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Stripe => &[
                ("amount", "currency"),
                ("royalty_amount", "currency"),
                ("royalty_amount", "royalty_text"),
            ],
            Self::Tryton => &[("amount", "product"), ("amount", "charge_from")],
            _ => &[],
        }
    }
}
