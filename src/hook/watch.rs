//! Placeholder.
/// x
pub fn start(_w: crate::protocol::channel::Witness) {}
