//! Charts as PNG: the file of its own in the light, drawn by resvg with a font that the program carries, so that
//! it is the same picture, byte for byte, on every machine.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{self, Options, Tree};

use super::Chart;

/// The family of the font.
const FAMILY: &str = "DejaVu Sans";
/// The most pixels of a picture: 64 MB while it is drawn.
const MOST_PIXELS: f32 = 16_000_000.0;
/// The least and the most pixels for a user unit.
const SCALES: std::ops::RangeInclusive<f32> = 0.25..=8.0;

/// Why a chart could not be drawn as PNG; a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// It is not the SVG that it should be.
    #[error("the chart is no SVG: {0}")]
    Svg(#[from] usvg::Error),
    /// There is nothing to draw on.
    #[error("the chart has no size")]
    Size,
    /// The picture could not be written.
    #[error("the picture could not be written: {0}")]
    Png(String),
}

impl Chart {
    /// The chart as a PNG on light ground, with a margin. `scale` is how many pixels a user unit takes, from 0.25 to 8;
    /// it is less where the picture would have more than 16 million. Characters that the font does not have are boxes.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, NotDrawn> {
        let options = Options { font_family: FAMILY.to_owned(), fontdb: Arc::clone(fonts()), ..Options::default() };
        let tree = Tree::from_str(&self.grounded(), &options)?;
        let (width, height) = (tree.size().width(), tree.size().height());
        let scale = if scale.is_nan() { 1.0 } else { scale.clamp(*SCALES.start(), *SCALES.end()) };
        let scale = scale.min((MOST_PIXELS / (width * height)).sqrt());
        // The lint would have a checked conversion; `as` saturates, and what is too large is refused below.
        let pixels = |length: f32| (length * scale).round() as u32;
        let mut sheet = Pixmap::new(pixels(width), pixels(height)).ok_or(NotDrawn::Size)?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut sheet.as_mut());
        sheet.encode_png().map_err(|error| NotDrawn::Png(error.to_string()))
    }
}

/// The font in its two weights, read once.
fn fonts() -> &'static Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        for font in [dejavu::sans::regular(), dejavu::sans::bold()] {
            fonts.load_font_source(Source::Binary(Arc::new(font)));
        }
        Arc::new(fonts)
    })
}
