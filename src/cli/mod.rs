//! Placeholder.
pub mod check;
