//! The scripts that run on the server. Each is one transaction in the slot of one partition.

use redis::Script;
use std::sync::LazyLock;

macro_rules! scripts {
    ($($name:ident = $file:literal),+ $(,)?) => {$(
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| {
            Script::new(concat!(include_str!("lua/common.lua"), include_str!($file)))
        });
    )+};
}

scripts! {
    APPEND = "lua/append.lua", ASIDE = "lua/aside.lua", SEEN = "lua/seen.lua",
    LOAD = "lua/load.lua", COMMIT = "lua/commit.lua",
    ACTIVATE = "lua/activate.lua", STATE = "lua/state.lua", REBIND = "lua/rebind.lua",
    DEAD = "lua/dead.lua", RETRY = "lua/retry.lua", HURRY = "lua/hurry.lua",
    COUNTERS = "lua/counters.lua", EDIT = "lua/edit.lua", DROP = "lua/drop.lua",
    REWRITE = "lua/rewrite.lua", LEAVE = "lua/leave.lua",
}

macro_rules! plain {
    ($($name:ident = $file:literal),+ $(,)?) => {$(
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!($file)));
    )+};
}

plain! {
    DUE = "lua/due.lua",
    HOLD = "lua/hold.lua", RELEASE = "lua/release.lua", MACHINES = "lua/machines.lua", SWAP = "lua/swap.lua",
}
