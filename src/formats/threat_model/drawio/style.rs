//! The style of a shape of draw.io, and what it says of the shape.

use crate::domain::threat_model::words::ElementKind;

/// A style: names and values, like `ellipse;whiteSpace=wrap;dashed=1`.
#[derive(Clone, Copy)]
pub(super) struct Style<'a>(pub(super) &'a str);

impl<'a> Style<'a> {
    fn entries(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let entries = self.0.split(';').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(|entry| entry.split_once('=').unwrap_or((entry, "")))
    }

    /// The value of a name; the last one counts. Empty when there is none.
    pub(super) fn value(self, name: &str) -> &'a str {
        self.entries().filter(|(key, _)| *key == name).last().map_or("", |(_, value)| value)
    }

    /// Whether a name stands in it, with a value or without.
    fn has(self, name: &str) -> bool {
        self.entries().any(|(key, _)| key == name)
    }

    /// The number of a name.
    pub(super) fn number(self, name: &str) -> Option<f64> {
        self.value(name).parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// What kind of shape it is, in a word: the named shape, or the style that it is based on.
    pub(super) fn shape(self) -> &'a str {
        let named = self.value("shape");
        if !named.is_empty() {
            return named;
        }
        self.0.split(';').next().map(str::trim).filter(|first| !first.contains('=')).unwrap_or_default()
    }

    /// Whether it holds others together and is not drawn itself.
    pub(super) fn is_group(self) -> bool {
        self.shape() == "group"
    }

    /// What a shape with this style is in a data-flow diagram.
    pub(super) fn kind(self) -> ElementKind {
        let is_open = self.value("dashed") == "1" && self.value("fillColor") == "none";
        match self.shape() {
            "text" | "edgeLabel" | "label" | "note" => ElementKind::Text,
            "partialRectangle" if self.value("left") == "0" && self.value("right") == "0" => ElementKind::DataStore,
            "datastore" | "mxgraph.dfd.dataStoreID" | "mxgraph.dfd.dataStoreID2" => ElementKind::DataStore,
            "mxgraph.dfd.externalEntity" => ElementKind::Actor,
            "mxgraph.dfd.process" => ElementKind::Process,
            "requiredInterface" if self.value("dashed") == "1" => ElementKind::TrustBoundary,
            "" | "rounded" | "rectangle" | "ellipse" | "swimlane" if is_open => ElementKind::TrustBoundary,
            "ellipse" | "doubleEllipse" => ElementKind::Process,
            "umlActor" => ElementKind::Actor,
            "" if self.has("rounded") && self.value("rounded") == "0" => ElementKind::Actor,
            _ => ElementKind::Unclassified,
        }
    }

    /// Whether it is a gate as attack trees have them.
    pub(super) fn is_gate(self) -> bool {
        matches!(self.shape(), "or" | "xor" | "and" | "mxgraph.electrical.logic_gates.logic_gate")
    }
}
