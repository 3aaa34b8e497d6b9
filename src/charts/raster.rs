//! Charts as PNG: the file of its own in the light, drawn by resvg with a font that the program carries, so that
//! it is the same picture, byte for byte, on every machine.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{self, Options, Tree};

use super::Chart;
use super::markup::without_values;

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
        let tree = Tree::from_str(&without_values(&self.grounded()), &options)?;
        let (width, height) = (tree.size().width(), tree.size().height());
        let scale = within(scale, width * height);
        // The lint would have a checked conversion; `as` saturates, and what is too large is refused below.
        let pixels = |length: f32| (length * scale).round() as u32;
        let mut sheet = Pixmap::new(pixels(width), pixels(height)).ok_or(NotDrawn::Size)?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut sheet.as_mut());
        sheet.encode_png().map_err(|error| NotDrawn::Png(error.to_string()))
    }
}

/// The scale that is taken where one is wanted for so large a chart.
fn within(scale: f32, area: f32) -> f32 {
    let scale = if scale.is_nan() { 1.0 } else { scale.clamp(*SCALES.start(), *SCALES.end()) };
    scale.min((MOST_PIXELS / area).sqrt())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::{HOSTILE, card};
    use crate::charts::{Parts, radar};

    /// Width and height, as the head of the file says.
    fn size(png: &[u8]) -> (u32, u32) {
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let number = |from: usize| u32::from_be_bytes(png[from..from + 4].try_into().unwrap());
        (number(16), number(20))
    }

    fn empty(size: (i32, i32), natural: bool, title: &str) -> Chart {
        let parts = Parts {
            id: "e",
            size,
            natural,
            role: "img",
            title,
            description: "",
            content: "<rect width=\"9\" height=\"9\"/>",
        };
        Chart::new(&parts)
    }

    #[test]
    fn the_same_chart_is_the_same_picture() {
        let chart = radar(&card(&[("Build", 1.0), ("Culture", 2.0), ("Test", 4.5)]), &[], None, None, "All", "r");
        let picture = chart.png(1.0).unwrap();
        assert_eq!(picture, chart.png(1.0).unwrap());
        let (width, height) = chart.size;
        assert_eq!(size(&picture), ((width + 32) as u32, (height + 32) as u32));
        assert_eq!(size(&chart.png(2.0).unwrap()).0, 2 * (width + 32) as u32);
        // Text is drawn: without it there is less to be compressed.
        let without = Chart { svg: chart.svg.replace("<text", "<desc").replace("</text", "</desc"), ..chart };
        assert!(without.png(1.0).unwrap().len() < picture.len() * 3 / 4);
    }

    #[test]
    fn names_in_any_script_do_not_fail() {
        let names = ["信息收集", "مرحبا", "😀 emoji 👩‍👩‍👧", "ไทย", HOSTILE, "\u{e000}"];
        let dimensions: Vec<(&str, f64)> = names.into_iter().zip([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).collect();
        assert!(radar(&card(&dimensions), &[], None, None, HOSTILE, HOSTILE).png(1.0).is_ok());
    }

    #[test]
    fn a_picture_is_never_huge() {
        for (area, scale) in [(600e6, 8.0), (1e6, f32::INFINITY), (1e4, 8.0), (1e12, 0.25)] {
            assert!(area * within(scale, area).powi(2) < MOST_PIXELS * 1.001, "{area} {scale}");
        }
        assert_eq!((within(2.0, 1e4), within(f32::INFINITY, 1e4), within(-1.0, 1e4)), (2.0, 8.0, 0.25));
        for scale in [f32::NAN, 0.0, -1.0] {
            assert!(empty((100, 100), true, "x").png(scale).is_ok());
        }
    }

    #[test]
    fn neither_styles_nor_hidden_values_are_drawn() {
        let chart = radar(&card(&[("Build", 1.0), ("Culture", 2.0), ("Test", 4.5)]), &[], None, None, "All", "r");
        let drawn = without_values(&chart.grounded());
        for left_out in ["<style", "var(", "@media", "hidden"] {
            assert!(!drawn.contains(left_out), "{left_out}");
        }
        assert!(drawn.contains(">Build</text>") && chart.grounded().contains("hidden"));
    }

    #[test]
    fn a_chart_of_its_own_size_keeps_it() {
        assert_eq!(size(&empty((96, 24), true, "x").png(1.0).unwrap()), (96 + 32, 24 + 32));
    }
}
