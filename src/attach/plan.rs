//! What attaching would do, as a value: what fits, what has to be created, what stands in the way.

use crate::model::{Board, Member, MemberId, Rank};
use crate::process::{
    Bindings, FieldKey, FieldKind, Holders, KeepFields, LabelKey, Mode, Process, RoleKey, StageKey,
    labels,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const NEWS_CARD: &str = "Signalman";

/// Trello's free workspaces become view-only with more people than this.
pub(super) const FREE_COLLABORATORS: usize = 10;

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Who holds a role on this board, by username; they join those the file names.
    pub roles: Vec<(String, String)>,
    /// The bot's account is a person's own.
    pub shared_account: bool,
    /// People in the workspace, and whether it is a free one.
    pub workspace: Option<(usize, bool)>,
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub bindings: Bindings,
    pub create: Vec<Create>,
    pub troubles: Vec<Trouble>,
    /// Those who held a role and are not on the board any more, with what to do.
    pub left: Vec<String>,
    /// Worth knowing, in the way of nothing.
    pub remarks: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Create {
    List {
        stage: StageKey,
        name: String,
        pos: Option<f64>,
    },
    NewsList {
        name: String,
    },
    Label {
        key: LabelKey,
        name: String,
        color: Option<String>,
    },
    CustomField {
        key: FieldKey,
        name: String,
        kind: String,
        options: Vec<String>,
    },
    NewsCard,
    GuideCard {
        title: String,
        text: String,
    },
}

impl std::fmt::Display for Create {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Create::List { name, .. } => write!(f, "list “{name}”"),
            Create::NewsList { name } => write!(f, "list “{name}” for Signalman's own card"),
            Create::Label { name, .. } => write!(f, "label “{name}”"),
            Create::CustomField { name, .. } => write!(f, "custom field “{name}”"),
            Create::NewsCard => write!(f, "card “{NEWS_CARD}”"),
            Create::GuideCard { title, .. } => write!(f, "card “{title}”"),
        }
    }
}

/// Something that must be mended before the board can be attached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error(
        "@{username} is not a member of the board; its members are {members}. Invite them, or correct --role {role}=@…"
    )]
    NotOnBoard {
        role: String,
        username: String,
        members: String,
    },
    #[error("--role names the role “{role}”, which the process does not have; it has {known}")]
    NoSuchRole { role: String, known: String },
    #[error(
        "nobody on the board holds the role “{role}”, so no card can pass a gate that asks for it: add --role {role}=@username"
    )]
    NobodyActs { role: String },
    #[error(
        "the token belongs to @{username}, who holds the role “{role}”: use an account of its own for Signalman, \
         or add --shared-account if this is meant"
    )]
    BotHoldsRole { username: String, role: String },
    #[error("the token's account @{username} may not write on this board: make it a normal member")]
    BotCannotWrite { username: String },
    #[error(
        "the workspace is free and has {count} collaborators; beyond {FREE_COLLABORATORS} Trello makes its boards view-only. \
         Remove somebody or take a paid plan first"
    )]
    TooManyCollaborators { count: usize },
    #[error("the lists {} bear the name of one stage, “{stage}”: rename all but one", names.join(", "))]
    TwoLists { stage: String, names: Vec<String> },
}

pub fn plan(
    process: &Process,
    board: &Board,
    me: &Member,
    before: Option<&Bindings>,
    options: &Options,
) -> Plan {
    let mut plan = Plan {
        bindings: empty(board, me, before, options),
        create: Vec::new(),
        troubles: Vec::new(),
        left: Vec::new(),
        remarks: Vec::new(),
    };
    plan.lists(process, board, before);
    plan.roles(process, board, before, options);
    plan.account(process, board, me, options);
    plan.labels(process, board);
    plan.fields(process, board);
    plan.cards(process, board, before);
    plan
}

fn empty(board: &Board, me: &Member, before: Option<&Bindings>, options: &Options) -> Bindings {
    let people = board
        .members
        .iter()
        .map(|place| (place.member.id.clone(), place.member.clone()));
    Bindings {
        board: board.id.clone(),
        bot: me.id.clone(),
        app: before.and_then(|before| before.app.clone()),
        shared_account: options.shared_account
            || before.is_some_and(|before| before.shared_account),
        lists: BTreeMap::new(),
        roles: BTreeMap::new(),
        people: people.collect(),
        labels: BTreeMap::new(),
        fields: BTreeMap::new(),
        custom_fields: board.custom_fields.clone(),
        news_list: None,
        news_card: before.and_then(|before| before.news_card.clone()),
        guide_card: before.and_then(|before| before.guide_card.clone()),
        away: before.map_or_else(Vec::new, |before| before.away.clone()),
        not_here: BTreeSet::new(),
        presence: before.map_or(0, |before| {
            before.presence + u32::from(!before.not_here.is_empty())
        }),
    }
}

fn same(a: &str, b: &str) -> bool {
    crate::process::same(a, b)
}

impl Plan {
    /// A stage keeps the list it was bound to; otherwise an open list of its name, or a new one.
    fn lists(&mut self, process: &Process, board: &Board, before: Option<&Bindings>) {
        let open = |id: &crate::model::ListId| {
            board
                .lists
                .iter()
                .any(|list| list.id == *id && !list.closed)
        };
        for stage in &process.stages {
            let was = stage.was.as_ref().unwrap_or(&stage.key);
            let kept = before.and_then(|before| {
                before
                    .lists
                    .get(&stage.key)
                    .or_else(|| before.lists.get(was))
            });
            let named: Vec<_> = board
                .lists
                .iter()
                .filter(|list| !list.closed && same(&list.name, &stage.name))
                .collect();
            match (kept.filter(|list| open(list)), named.as_slice()) {
                (Some(list), _) => {
                    self.bindings.lists.insert(stage.key.clone(), list.clone());
                }
                (None, [list]) => {
                    self.bindings
                        .lists
                        .insert(stage.key.clone(), list.id.clone());
                }
                (None, []) => {
                    let pos = self.place(process, board, &stage.key);
                    self.create.push(Create::List {
                        stage: stage.key.clone(),
                        name: stage.name.clone(),
                        pos,
                    });
                }
                (None, many) => {
                    let names: Vec<_> = many.iter().map(|list| list.name.clone()).collect();
                    self.troubles.push(Trouble::TwoLists {
                        stage: stage.name.clone(),
                        names,
                    });
                }
            }
        }
        if let Some(name) = &process.news_list {
            let kept = before
                .and_then(|before| before.news_list.clone())
                .filter(open);
            let named = board
                .lists
                .iter()
                .find(|list| !list.closed && same(&list.name, name))
                .map(|list| list.id.clone());
            self.bindings.news_list = kept.or(named);
            if self.bindings.news_list.is_none() {
                self.create.push(Create::NewsList { name: name.clone() });
            }
        }
    }

    /// A new list stands right of the stage before it.
    fn place(&self, process: &Process, board: &Board, key: &StageKey) -> Option<f64> {
        let nth = process.stages.iter().position(|stage| stage.key == *key)?;
        let left = process.stages[..nth]
            .iter()
            .rev()
            .find_map(|stage| self.bindings.lists.get(&stage.key))?;
        let left = board.lists.iter().find(|list| list.id == *left)?.pos;
        let right = board
            .lists
            .iter()
            .map(|list| list.pos)
            .filter(|pos| *pos > left)
            .min_by(f64::total_cmp);
        let gap = right.map_or(65_536.0, |right| right - left);
        let created = self
            .create
            .iter()
            .filter(|create| matches!(create, Create::List { .. }))
            .count();
        let steps = u32::try_from(created).unwrap_or(0) + 1;
        Some(left + gap * f64::from(steps) / f64::from(steps + 1))
    }

    fn roles(
        &mut self,
        process: &Process,
        board: &Board,
        before: Option<&Bindings>,
        options: &Options,
    ) {
        let find = |username: &str| {
            let found = board
                .members
                .iter()
                .filter(|place| place.is_active())
                .find(|place| same(&place.member.username, username));
            found.map(|place| place.member.id.clone())
        };
        let members: Vec<_> = board
            .members
            .iter()
            .filter(|place| place.is_active())
            .map(|place| format!("@{}", place.member.username))
            .collect();
        let known: Vec<_> = process
            .roles
            .iter()
            .map(|role| role.key.to_string())
            .collect();
        for (role, _) in &options.roles {
            if !known.contains(role) {
                self.troubles.push(Trouble::NoSuchRole {
                    role: role.clone(),
                    known: known.join(", "),
                });
            }
        }
        for role in &process.roles {
            let told = options
                .roles
                .iter()
                .filter(|(key, _)| key == role.key.as_str())
                .map(|(_, name)| name);
            let mut bind = |names: Vec<&String>| -> Vec<MemberId> {
                let mut bound = Vec::new();
                for name in names {
                    let username = name.trim_start_matches('@');
                    match find(username) {
                        Some(member) if !bound.contains(&member) => bound.push(member),
                        Some(_) => {}
                        None => self.troubles.push(Trouble::NotOnBoard {
                            role: role.key.to_string(),
                            username: username.to_owned(),
                            members: members.join(", "),
                        }),
                    }
                }
                bound
            };
            let mut people = bind(role.people.iter().chain(told).collect());
            let deputies = bind(role.deputies.iter().collect());
            if people.is_empty() {
                let here = |id: &MemberId| {
                    let mut places = board.members.iter().filter(|place| place.is_active());
                    places.any(|place| place.member.id == *id)
                };
                let held = before.and_then(|before| before.roles.get(&role.key));
                let held = held.into_iter().flat_map(|holders| &holders.people);
                let (kept, left): (Vec<_>, Vec<_>) = held.cloned().partition(here);
                people = kept;
                self.left(&role.key, before, left);
            }
            let holders = Holders {
                people,
                deputies,
                ..Holders::default()
            };
            self.bindings.roles.insert(role.key.clone(), holders);
        }
        self.acting(process);
    }

    /// Those who held a role by `--role` and are on the board no more.
    fn left(&mut self, role: &RoleKey, before: Option<&Bindings>, left: Vec<MemberId>) {
        for one in left {
            let known = before.and_then(|before| before.people.get(&one));
            let name = known.map_or(one.as_str(), |one| &one.username);
            self.left.push(format!(
                "@{name} held the role “{role}” and is not on the board any more: invite them again, or name somebody else by --role {role}=@username"
            ));
        }
    }

    /// A gate that nobody on the board can satisfy would hold every card for ever.
    fn acting(&mut self, process: &Process) {
        let empty = |role: &RoleKey| {
            self.bindings
                .roles
                .get(role)
                .is_none_or(|holders| holders.people.is_empty() && holders.deputies.is_empty())
        };
        for role in process.roles.iter().filter(|role| empty(&role.key)) {
            if process.mode == Mode::Enforce {
                self.troubles.push(Trouble::NobodyActs {
                    role: role.key.to_string(),
                });
            } else {
                self.remarks
                    .push(format!("nobody holds the role “{}” yet", role.key));
            }
        }
    }

    fn account(&mut self, process: &Process, board: &Board, me: &Member, options: &Options) {
        let username = me.username.clone();
        let place = board.members.iter().find(|place| place.member.id == me.id);
        if place.is_none_or(|place| place.rank == Rank::Observer) {
            self.troubles.push(Trouble::BotCannotWrite {
                username: username.clone(),
            });
        }
        let role = process
            .roles
            .iter()
            .find(|role| self.bindings.holds(&me.id, &role.key, true));
        if let Some(role) = role.filter(|_| !self.bindings.shared_account) {
            self.troubles.push(Trouble::BotHoldsRole {
                username,
                role: role.key.to_string(),
            });
        }
        if let Some((count, true)) = options.workspace
            && count > FREE_COLLABORATORS
        {
            self.troubles.push(Trouble::TooManyCollaborators { count });
        }
    }

    fn labels(&mut self, process: &Process, board: &Board) {
        for label in &process.labels {
            match board
                .labels
                .iter()
                .find(|there| same(&there.name, &label.name))
            {
                Some(there) => {
                    self.bindings
                        .labels
                        .insert(label.key.clone(), there.id.clone());
                }
                None => self.create.push(Create::Label {
                    key: label.key.clone(),
                    name: label.name.clone(),
                    color: label.color.clone(),
                }),
            }
        }
        if process.label(labels::NOT_ADMITTED).is_none() {
            self.remarks.push("without a label `not_admitted`, a card left where it was pushed is told of by comment alone".into());
        }
    }

    fn fields(&mut self, process: &Process, board: &Board) {
        if process.keep_fields != KeepFields::CustomFields {
            return;
        }
        for field in &process.fields {
            match board
                .custom_fields
                .iter()
                .find(|there| same(&there.name, &field.name))
            {
                Some(there) => {
                    self.bindings
                        .fields
                        .insert(field.key.clone(), there.id.clone());
                }
                None => {
                    let (kind, options) = match &field.kind {
                        FieldKind::Choice { of } => ("list", of.clone()),
                        FieldKind::Number { .. } => ("number", Vec::new()),
                        FieldKind::Date { .. } => ("date", Vec::new()),
                        _ => ("text", Vec::new()),
                    };
                    let (key, name) = (field.key.clone(), field.name.clone());
                    self.create.push(Create::CustomField {
                        key,
                        name,
                        kind: kind.to_owned(),
                        options,
                    });
                }
            }
        }
    }

    fn cards(&mut self, process: &Process, board: &Board, before: Option<&Bindings>) {
        if process.news_list.is_none() {
            return;
        }
        let news = self.bindings.news_list.clone();
        let card = |name: &str| {
            let there = board.cards.iter().find(|card| {
                Some(&card.list) == news.as_ref() && !card.closed && same(&card.name, name)
            });
            there.map(|card| card.id.clone())
        };
        let alive = |id: &crate::model::CardId| {
            board
                .cards
                .iter()
                .any(|card| card.id == *id && !card.closed)
        };
        let kept = before
            .and_then(|before| before.news_card.clone())
            .filter(alive);
        self.bindings.news_card = kept.or_else(|| card(NEWS_CARD));
        if self.bindings.news_card.is_none() {
            self.create.push(Create::NewsCard);
        }
        if let Some((title, text)) = &process.guide {
            let kept = before
                .and_then(|before| before.guide_card.clone())
                .filter(alive);
            self.bindings.guide_card = kept.or_else(|| card(title));
            if self.bindings.guide_card.is_none() {
                self.create.push(Create::GuideCard {
                    title: title.clone(),
                    text: text.clone(),
                });
            }
        }
    }
}
