//! The presets: policies that are part of Lictor, named without a path.

/// Name and text of each, the one that rules when no policy is named first.
pub const PRESETS: &[(&str, &str)] = &[
    ("base", include_str!("../../policies/base.toml")),
    ("grading", include_str!("../../policies/grading.toml")),
    ("plugin", include_str!("../../policies/plugin.toml")),
    ("audit", include_str!("../../policies/audit.toml")),
];

/// The text of a preset.
pub fn find(name: &str) -> Option<&'static str> {
    PRESETS
        .iter()
        .find(|(preset, _)| *preset == name)
        .map(|(_, text)| *text)
}

/// Names of all presets.
pub fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}
