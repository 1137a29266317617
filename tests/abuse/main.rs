//! Abuse: what hostile callers, full disks, jumping clocks and earlier versions do to the service. A
//! clear answer each time, and nothing lost.

#![cfg(feature = "practice")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]
#![allow(unreachable_pub, dead_code)]

mod clock;
mod crowd;
mod disk;
mod doors;
mod earlier;
#[path = "../stories/firm.rs"]
mod firm;
mod person;
#[path = "../stories/powerup.rs"]
mod powerup;
#[path = "../stories/radio.rs"]
mod radio;
mod restored;
mod service;
