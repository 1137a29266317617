-- A file of the first version as it was written then, with one waiting event and one card.
CREATE TABLE boards (
    board TEXT PRIMARY KEY, version TEXT NOT NULL, process TEXT NOT NULL, bindings TEXT NOT NULL,
    state TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE seen (board TEXT PRIMARY KEY, action TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE versions (
    board TEXT NOT NULL, version TEXT NOT NULL, process TEXT NOT NULL, bindings TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (board, version)) STRICT;
CREATE TABLE events (
    n INTEGER PRIMARY KEY, board TEXT NOT NULL, action TEXT NOT NULL, lane TEXT NOT NULL,
    at INTEGER NOT NULL, received_at INTEGER NOT NULL, judged_at INTEGER, dead TEXT, body TEXT,
    UNIQUE (board, action)) STRICT;
CREATE INDEX events_waiting ON events (board, lane, received_at) WHERE judged_at IS NULL AND dead IS NULL;
CREATE INDEX events_judged ON events (judged_at) WHERE body IS NOT NULL AND judged_at IS NOT NULL;
CREATE TABLE lanes (
    board TEXT NOT NULL, lane TEXT NOT NULL, memory TEXT, standing TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER, PRIMARY KEY (board, lane)) STRICT;
CREATE INDEX lanes_standing ON lanes (board, standing) WHERE standing IS NOT NULL;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, board TEXT NOT NULL, lane TEXT NOT NULL, slot TEXT,
    effect TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL,
    doubt INTEGER NOT NULL DEFAULT 0, dead TEXT, at INTEGER NOT NULL) STRICT;
CREATE INDEX outbox_waiting ON outbox (board, lane, id) WHERE dead IS NULL;
CREATE TABLE timers (
    board TEXT NOT NULL, lane TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (board, lane, name)) STRICT;
CREATE INDEX timers_due ON timers (at);
CREATE TABLE history (
    n INTEGER PRIMARY KEY, board TEXT NOT NULL, lane TEXT NOT NULL, at INTEGER NOT NULL,
    kind TEXT NOT NULL, decision TEXT, who TEXT, version TEXT NOT NULL, line TEXT NOT NULL,
    data TEXT NOT NULL) STRICT;
CREATE INDEX history_lane ON history (board, lane, n);
CREATE INDEX history_decision ON history (board, decision);
CREATE TABLE aside (
    n INTEGER PRIMARY KEY, board TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
INSERT INTO boards VALUES ('board', 'v', 'name', '{"board":"board","bot":"bot","app":null,"shared_account":false,"lists":{},"roles":{},"people":{},"labels":{},"fields":{},"custom_fields":[],"news_list":null,"news_card":null,"guide_card":null}', 'running', 0);
INSERT INTO lanes (board, lane, memory, standing) VALUES ('board', 'card', '{"name":"Кефир FM","standing":{"stage":"contract","since":"2026-11-24T08:00:00Z","proved":true,"stood":null}}', 'contract');
PRAGMA user_version = 1;
