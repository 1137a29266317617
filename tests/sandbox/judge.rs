//! Makes requests as a client would, knows which described operation each of them is, and notes
//! whatever is wrong with the parameters or with the answer.

use super::openapi::Table;
use serde_json::Value;
use signalman::sandbox::world::{SERVICE_APP, World};
use signalman::sandbox::{Options, Rank, Sandbox};
use std::collections::BTreeSet;

/// Sent with a write or a read though the description declares it nowhere.
const UNDECLARED: &[(&str, &str)] = &[
    ("POST /customFields/{id}/options", "value"),
    ("POST /customFields/{id}/options", "color"),
    ("GET /boards/{id}/cards", "customFieldItems"),
    ("GET /boards/{id}/cards", "limit"),
    ("GET /cards/{id}/actions", "limit"),
    ("GET /boards/{id}", "card_checklists"),
];

/// Calls operations by the description's names, and notes what is wrong with the answers.
pub(super) struct Judge {
    pub(super) sandbox: Sandbox,
    pub(super) table: Table,
    pub(super) anna: String,
    pub(super) boris: String,
    pub(super) token: String,
    http: reqwest::Client,
    pub(super) called: BTreeSet<String>,
    pub(super) faults: Vec<String>,
}

impl Judge {
    pub(super) async fn open(table: Table) -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let world: &World = sandbox.world();
        let anna = world.add_member("anna", "Anna Ash");
        let boris = world.add_member("boris", "Boris Birch");
        let token = world.token(&anna, SERVICE_APP).unwrap();
        Self {
            table,
            http: reqwest::Client::new(),
            called: BTreeSet::new(),
            faults: Vec::new(),
            sandbox,
            anna,
            boris,
            token,
        }
    }

    pub(super) fn join(&self, board: &str) {
        self.sandbox.world().join(board, &self.boris, Rank::Normal);
    }

    pub(super) async fn one(&mut self, schema: &str, call: &str, wish: Value) -> Value {
        let cut = wish.get("fields").is_some();
        let value = self.any(call, wish).await;
        let faults = if value.is_object() {
            self.table.faults(schema, &value, !cut)
        } else {
            vec![format!("{value} is no {schema}")]
        };
        self.note(call, faults);
        value
    }

    /// At least one, so that something is judged.
    pub(super) async fn many(&mut self, schema: &str, call: &str, wish: Value) -> Value {
        let cut = wish.get("fields").is_some();
        let value = self.any(call, wish).await;
        let all = value.as_array().cloned().unwrap_or_default();
        let mut faults: Vec<String> = all
            .iter()
            .flat_map(|one| self.table.faults(schema, one, !cut))
            .collect();
        if all.is_empty() {
            faults.push(format!("{value} has no {schema}"));
        }
        self.note(call, faults);
        value
    }

    pub(super) fn note(&mut self, call: &str, faults: Vec<String>) {
        let told = faults.into_iter().map(|fault| format!("{call}: {fault}"));
        self.faults.extend(told);
    }

    /// The described operation that a call is one of: the one with the most words of its own.
    fn operation(&self, call: &str) -> String {
        let parts =
            |text: &str| -> Vec<String> { text.split(['/', ' ']).map(str::to_owned).collect() };
        let made = parts(call);
        let fits = |operation: &&String| {
            let parts = parts(operation);
            parts.len() == made.len()
                && std::iter::zip(&parts, &made)
                    .all(|(one, own)| one.starts_with('{') || one == own)
        };
        let words = |operation: &&String| operation.matches('{').count();
        let found = self.table.operations.keys().filter(fits).min_by_key(words);
        found
            .unwrap_or_else(|| panic!("{call} is not described"))
            .clone()
    }

    /// Where neither the description nor a recording says what is answered. The wish goes into the
    /// query of a GET, into the body of anything else.
    pub(super) async fn any(&mut self, call: &str, wish: Value) -> Value {
        let operation = self.operation(call);
        let wishes = wish.as_object().cloned().unwrap_or_default();
        for name in wishes.keys() {
            let declared = self.table.operations[&operation].contains(name)
                || UNDECLARED.contains(&(operation.as_str(), name));
            if !declared {
                self.note(call, vec![format!("takes no {name}")]);
            }
        }
        self.called.insert(operation);
        let (verb, path) = call.split_once(' ').unwrap();
        let (key, token) = (self.sandbox.key(), &self.token);
        let auth = format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"");
        let url = format!("{}/1{path}", self.sandbox.url());
        let request = self.http.request(verb.parse().unwrap(), url);
        let request = match verb {
            "GET" => request.query(&wishes),
            _ => request.json(&wishes),
        };
        let response = request.header("authorization", auth).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        let value = serde_json::from_str(&text).unwrap_or_default();
        if status != 200 || value == Value::Null {
            self.note(call, vec![format!("{status} {text}")]);
        }
        value
    }
}
