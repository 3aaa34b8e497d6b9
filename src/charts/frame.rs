//! The frame of a plot: the only place that talks to plotters. It maps values to places and turns
//! areas and lines into SVG; text and points, which need titles and anchors, are written by [`super::markup`].

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::AsRangedCoord;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::palette::{Ink, themed};

/// Plotters counts in whole units, so it draws on a finer grid which is scaled down again.
const FINER: i32 = 8;

type Values = Cartesian2d<RangedCoordf64, RangedCoordf64>;
type Sheet<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

/// Where a plot lies on its chart and which values it spans. Lengths are in user units of the SVG.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The size of the chart.
    pub(super) size: (i32, i32),
    /// From the left to the right end of the plot.
    pub(super) across: Range<i32>,
    /// From the top to the bottom of the plot.
    pub(super) down: Range<i32>,
    /// The values across; not empty.
    pub(super) x: Range<f64>,
    /// The values from the bottom to the top; not empty, and falling where they count from the top.
    pub(super) y: Range<f64>,
}

/// Something to draw through points given as values.
#[derive(Debug)]
pub(super) enum Shape {
    /// A filled outline.
    Area(Vec<(f64, f64)>, &'static Ink),
    /// A line of the width, in user units.
    Line(Vec<(f64, f64)>, &'static Ink, f64),
}

impl Frame {
    /// A frame in which a value is its own place: user units from the left and from the top.
    pub(super) fn plain(size: (i32, i32)) -> Self {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        Self { size, across: 0..size.0, down: 0..size.1, x: 0.0..width, y: height..0.0 }
    }

    /// The place of a value in user units.
    pub(super) fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = self.values().translate(&(x, y));
        (f64::from(x) / f64::from(FINER), f64::from(y) / f64::from(FINER))
    }

    /// Draws the shapes, the first at the bottom, as an SVG group in user units.
    pub(super) fn draw(&self, shapes: &[Shape]) -> String {
        let mut svg = String::new();
        {
            let (width, height) = self.size;
            let finer = |length: i32| u32::try_from(length * FINER).unwrap_or(1);
            let sheet = SVGBackend::with_string(&mut svg, (finer(width), finer(height))).into_drawing_area();
            // Writing into a string cannot fail; should it ever, a chart without lines but with its
            // values as text is better than a page that cannot be shown.
            let _ = self.draw_on(&sheet, shapes);
        }
        // Plotters wraps everything in an element of its own, which would fix the size.
        let shapes: String = svg.lines().filter(|line| !line.starts_with("<svg") && *line != "</svg>").collect();
        let shapes = themed(&shapes).replace(" opacity=\"1\"", "").replace(" \"/>", "\"/>");
        format!("<g transform=\"scale({})\" stroke-linejoin=\"round\">{shapes}</g>", 1.0 / f64::from(FINER))
    }

    fn draw_on<'a>(&self, sheet: &Sheet<'a>, shapes: &[Shape]) -> Drawn<'a> {
        let plot = sheet.apply_coord_spec(self.values());
        for shape in shapes {
            match shape {
                Shape::Area(points, ink) => plot.draw(&Polygon::new(points.as_slice(), ink.sentinel.filled()))?,
                Shape::Line(points, ink, width) => {
                    // The lint would have a checked conversion; `as` saturates, which is right for a width.
                    let width = (width * f64::from(FINER)).round() as u32;
                    plot.draw(&PathElement::new(points.as_slice(), ink.sentinel.stroke_width(width)))?;
                }
            }
        }
        sheet.present()
    }

    fn values(&self) -> Values {
        let Frame { across, down, x, y, .. } = self.clone();
        let finer = |range: Range<i32>| range.start * FINER..range.end * FINER;
        let upwards = down.end..down.start;
        Values::new::<<Range<f64> as AsRangedCoord>::CoordDescType, _>(x.into(), y, (finer(across), finer(upwards)))
    }
}
