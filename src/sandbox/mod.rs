//! A practice Trello.
