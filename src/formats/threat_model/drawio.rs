//! draw.io: diagrams drawn with the shapes of data-flow diagrams; no threats.
//!
//! What a shape means is told from its style, by the stencils for threat modeling and the shapes for data-flow
//! diagrams that there are for draw.io. Other shapes stay unclassified.

mod cells;
mod style;

use std::borrow::Cow;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use self::cells::{Cells, Page};
use super::notes::{Notes, clip, tidy};
use super::stated::day;
use super::xml::{self, Element as Node};
use crate::domain::fault::Faults;
use crate::domain::threat_model::diagram::Diagram;
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::words::{Basis, ElementKind};
use crate::domain::threat_model::{PartId, StatedDate, ThreatModel};

/// How much all pages of a file may be when they are not compressed any more, in bytes.
const MAX_INFLATED: usize = 32_000_000;

/// How pages are written that are compressed; some programs leave out what fills up the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a file.
pub(super) fn read(name: &str, text: &str, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let root = xml::parse(name, text, xml::everything)?;
    let mut model = ThreatModel::default();
    if root.name == "mxGraphModel" {
        page(&root, &Node::default(), 0, &mut model, notes);
    } else {
        model.stated_date = day(root.attribute("modified")).map(|on| StatedDate { on, basis: Basis::Written });
        let mut left = MAX_INFLATED;
        for (i, diagram) in root.all("diagram").enumerate() {
            match diagram.child("mxGraphModel") {
                Some(graph) => page(graph, diagram, i, &mut model, notes),
                None => {
                    let text = inflated(diagram.text(), left).map_err(|why| {
                        notes.refuse(format!("diagram[{i}]"), format!("the page cannot be read: {why}"))
                    })?;
                    left = left.saturating_sub(text.len());
                    let graph = xml::parse(&format!("{name}: page {}", i + 1), &text, xml::everything)?;
                    page(&graph, diagram, i, &mut model, notes);
                }
            }
        }
    }
    let is_told = |kind: ElementKind| kind.can_be_threatened() && kind != ElementKind::DataFlow || kind.divides();
    if !model.elements.iter().any(|element| is_told(element.kind)) {
        return Err(notes.refuse(
            "",
            "no shape in it can be told to be one of a data-flow diagram; draw it with the stencils for threat modeling \
             (github.com/michenriksen/drawio-threatmodeling) or the data-flow shapes of draw.io: actors, processes, \
             data stores and trust boundaries",
        ));
    }
    Ok(ReadModel { format: Format::DrawIo, model, images: Vec::new() })
}

/// Reads a page.
fn page(graph: &Node, diagram: &Node, number: usize, model: &mut ThreatModel, notes: &mut Notes) {
    let given = clip(&tidy(diagram.attribute("id")), 100);
    let id = if given.is_empty() { format!("diagram-{}", number + 1) } else { given };
    let path = format!("diagram[{number}]");
    let title = notes.cut(diagram.attribute("name"), ThreatModel::NAME_LIMIT, || path.clone());
    model.diagrams.push(Diagram { id: PartId(id.clone()), title, ..Diagram::default() });
    let Some(root) = graph.child("root") else {
        notes.warn(path, "there is nothing on the page");
        return;
    };
    let cells = Cells::of(root);
    Page { id, path, cells: &cells, notes }.read(model);
}

/// The text of a page: as it stands, or compressed as draw.io does it: deflated, after its characters were written
/// as in addresses.
fn inflated(text: &str, left: usize) -> Result<Cow<'_, str>, String> {
    if text.starts_with('<') {
        return Ok(Cow::Borrowed(text));
    }
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let packed = BASE64.decode(packed).map_err(|_| "it is neither XML nor Base64")?;
    let mut bytes = Vec::new();
    let inflater = flate2::read::DeflateDecoder::new(packed.as_slice());
    let read = inflater.take(left as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > left {
        return Err(format!("it grows beyond {} MB when it is unpacked", MAX_INFLATED / 1_000_000));
    }
    read.map_err(|_| "what is packed in it is damaged")?;
    let text = if bytes.starts_with(b"<") {
        String::from_utf8(bytes).ok()
    } else {
        percent_encoding::percent_decode(&bytes).decode_utf8().ok().map(Cow::into_owned)
    };
    Ok(Cow::Owned(text.ok_or("it is not UTF-8 text")?))
}
