//! Signalman makes an existing Trello board hold a business process.
pub mod attach;
pub mod cli;
pub mod engine;
pub mod model;
pub mod process;
#[cfg(feature = "practice")]
pub mod sandbox;
pub mod store;
pub mod trello;
pub mod web;
