//! Diagrams: what they are called, and where their elements stand.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::PartId;
use crate::domain::digits::hex;

/// A diagram of a threat model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Diagram {
    /// Its id.
    pub id: PartId,
    /// What it shows.
    pub title: String,
    /// What it is about, at length.
    pub description: String,
    /// What the file calls its method.
    pub raw_method: String,
    /// A picture, where the file has one.
    pub image: Option<ImageDigest>,
}

/// Where an element stands, in the units of its diagram: to the right and down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    /// A box, from its upper left corner.
    Box {
        /// Where it begins.
        x: f64,
        /// Where it begins.
        y: f64,
        /// How wide it is, not negative.
        width: f64,
        /// How high it is, not negative.
        height: f64,
    },
    /// A line through points: at least two.
    Path {
        /// The points.
        points: Vec<Point>,
        /// Whether it is drawn as a curve.
        smooth: bool,
    },
}

/// A place in a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Shape {
    /// How far a place may be from the middle; what is further is no diagram.
    pub const FARTHEST: f64 = 100_000.0;
    /// How many points a line may have.
    pub const POINTS_LIMIT: usize = 1_000;

    /// A box, if its numbers are such as a diagram has.
    pub fn of_box(x: f64, y: f64, width: f64, height: f64) -> Option<Self> {
        let is_sound = [x, y, width, height].into_iter().all(is_near) && width >= 0.0 && height >= 0.0;
        is_sound.then_some(Self::Box { x, y, width, height })
    }

    /// A line, if its numbers are such as a diagram has.
    pub fn of_path(points: Vec<Point>, smooth: bool) -> Option<Self> {
        let is_sound = (2..=Self::POINTS_LIMIT).contains(&points.len())
            && points.iter().all(|point| is_near(point.x) && is_near(point.y));
        is_sound.then_some(Self::Path { points, smooth })
    }

    /// Whether its numbers are such as a diagram has.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Box { x, y, width, height } => Self::of_box(*x, *y, *width, *height).is_some(),
            Self::Path { points, smooth } => Self::of_path(points.clone(), *smooth).is_some(),
        }
    }
}

/// Whether a number is finite and not absurdly great.
fn is_near(value: f64) -> bool {
    value.abs() <= Shape::FARTHEST
}

/// What identifies a picture: the SHA-256 of its bytes, as 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImageDigest(pub String);

impl fmt::Display for ImageDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A picture that came with a threat model. Its bytes are what somebody sent: they are never part of a page,
/// only shown as an image, in which no script runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Of what kind it is.
    pub kind: ImageKind,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Image {
    /// The largest picture that is kept.
    pub const LIMIT: usize = 4_000_000;

    /// What identifies it.
    pub fn digest(&self) -> ImageDigest {
        ImageDigest(hex(&Sha256::digest(&self.bytes)))
    }
}

/// The kinds of pictures that are kept, told by their first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// Portable network graphics.
    Png,
    /// A photo.
    Jpeg,
    /// An old kind of picture.
    Gif,
    /// A newer kind of picture.
    Webp,
    /// A drawing.
    Svg,
}

impl ImageKind {
    /// The kind of which these bytes are, whatever they are called.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if bytes.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            return Some(Self::Gif);
        }
        if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Some(Self::Webp);
        }
        let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{FEFF}').trim_start();
        let is_drawing = text.starts_with('<') && text.contains("<svg");
        is_drawing.then_some(Self::Svg)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Svg => "image/svg+xml",
        }
    }
}
