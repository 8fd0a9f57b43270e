//! Diagnostics as text, in rustc's manner.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::diagnostic::{Diagnostic, Diagnostics, Label, Severity};
use super::source::Source;

impl Diagnostics {
    /// All diagnostics, a blank line after each; with ANSI colours if `color`.
    ///
    /// Control characters of the policy's text don't come through: the renderer draws those of
    /// ASCII as symbols, and those from U+0080 to U+009F, which it lets pass, become dots.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut text = String::new();
        for diagnostic in self.iter() {
            text.push_str(&renderer.render(&[group(diagnostic)]));
            text.push_str("\n\n");
        }
        if self.omitted() > 0 {
            text.push_str(&format!("… and {} more\n", self.omitted()));
        }
        text.replace(|character| ('\u{80}'..='\u{9f}').contains(&character), "·")
    }
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(&*diagnostic.message)
        .id(diagnostic.code.as_str())
        .elements(
            // No source, no excerpt: the title says it all.
            std::iter::empty::<annotate_snippets::Padding>(),
        );
    if let Some(primary) = &diagnostic.primary {
        let beside: Vec<&Label> = diagnostic
            .labels
            .iter()
            .filter(|label| label.source.name == primary.source.name)
            .collect();
        let mut snippet = excerpt(
            &primary.source,
            std::iter::once(primary).chain(beside.iter().copied()),
        );
        let start = snippet.1;
        snippet.0 = snippet
            .0
            .annotation(annotation(AnnotationKind::Primary, primary, start));
        for label in beside {
            snippet.0 = snippet
                .0
                .annotation(annotation(AnnotationKind::Context, label, start));
        }
        group = group.element(snippet.0);
    }
    let elsewhere = |label: &&Label| {
        diagnostic
            .primary
            .as_ref()
            .is_none_or(|primary| primary.source.name != label.source.name)
    };
    for label in diagnostic.labels.iter().filter(elsewhere) {
        let (snippet, start) = excerpt(&label.source, std::iter::once(label));
        group =
            group.element(snippet.annotation(annotation(AnnotationKind::Context, label, start)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    group
}

/// The lines that the labels touch, and the offset of the first one: the renderer's time
/// grows with the text, and a policy may be a megabyte long.
fn excerpt<'a>(
    source: &'a Source,
    labels: impl Iterator<Item = &'a Label>,
) -> (Snippet<'a, Annotation<'a>>, usize) {
    let lines = labels
        .map(|label| source.lines_around(&label.span))
        .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
        .unwrap_or(0..0);
    let snippet = Snippet::source(&source.text[lines.clone()])
        .line_start(source.line_of(lines.start))
        .path(&*source.name);
    (snippet, lines.start)
}

fn annotation(kind: AnnotationKind, label: &Label, start: usize) -> Annotation<'_> {
    let Range {
        start: from,
        end: to,
    } = label.span;
    let text = Some(&*label.text).filter(|text| !text.is_empty());
    kind.span(from.saturating_sub(start)..to.saturating_sub(start))
        .label(text)
}
