//! Signalman makes an existing Trello board hold a business process.
#[cfg(feature = "practice")]
pub mod sandbox;
