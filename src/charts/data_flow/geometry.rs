//! The geometry of data-flow diagrams: boxes, outlines and routes. Lengths are in user units, to the right and down.

use std::fmt::Write;

/// A place.
pub(super) type Place = (f64, f64);

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rect {
    /// Where it begins.
    pub(super) x: f64,
    /// Where it begins.
    pub(super) y: f64,
    /// Not negative.
    pub(super) width: f64,
    /// Not negative.
    pub(super) height: f64,
}

impl Rect {
    /// The rectangle of a size around its middle.
    pub(super) fn around((x, y): Place, (width, height): (f64, f64)) -> Self {
        Self { x: x - width / 2.0, y: y - height / 2.0, width, height }
    }

    /// The smallest rectangle that holds all places; `None` without any.
    pub(super) fn holding(places: impl IntoIterator<Item = Place>) -> Option<Self> {
        let mut places = places.into_iter();
        let first = places.next()?;
        let (least, most) =
            places.fold((first, first), |((l, t), (r, b)), (x, y)| ((l.min(x), t.min(y)), (r.max(x), b.max(y))));
        Some(Self { x: least.0, y: least.1, width: most.0 - least.0, height: most.1 - least.1 })
    }

    /// Its upper left and its lower right corner.
    pub(super) fn corners(&self) -> [Place; 2] {
        [(self.x, self.y), (self.right(), self.bottom())]
    }

    /// Where it ends.
    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Where it ends.
    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Its middle.
    pub(super) fn middle(&self) -> Place {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The same, larger by so much on every side.
    pub(super) fn grown(&self, by: f64) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            width: (self.width + 2.0 * by).max(0.0),
            height: (self.height + 2.0 * by).max(0.0),
        }
    }

    /// Whether a place is in it.
    pub(super) fn has(&self, (x, y): Place) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }

    /// The area that it shares with another one.
    pub(super) fn shared(&self, other: &Self) -> f64 {
        let across = self.right().min(other.right()) - self.x.max(other.x);
        let down = self.bottom().min(other.bottom()) - self.y.max(other.y);
        across.max(0.0) * down.max(0.0)
    }
}

/// How what stands in a rectangle is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As the rectangle.
    Angular,
    /// As a circle, or an ellipse.
    Round,
    /// As a box with round ends.
    Pill,
}

/// What has a border at which flows end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outline {
    /// What it fills.
    pub(super) rect: Rect,
    /// How it is drawn.
    pub(super) form: Form,
}

impl Outline {
    /// Whether a place is in it.
    pub(super) fn has(&self, place: Place) -> bool {
        let ((x, y), rect) = (self.rect.middle(), &self.rect);
        let (across, down) = ((place.0 - x).abs(), (place.1 - y).abs());
        match self.form {
            Form::Angular => rect.has(place),
            Form::Round => (across * 2.0 / rect.width).powi(2) + (down * 2.0 / rect.height).powi(2) <= 1.0,
            Form::Pill => {
                let radius = rect.width.min(rect.height) / 2.0;
                let beyond =
                    ((across - rect.width / 2.0 + radius).max(0.0), (down - rect.height / 2.0 + radius).max(0.0));
                beyond.0.hypot(beyond.1) <= radius
            }
        }
    }

    /// Where its border is, seen from its middle towards a place.
    pub(super) fn border(&self, towards: Place) -> Place {
        let middle = self.rect.middle();
        let (across, down) = (towards.0 - middle.0, towards.1 - middle.1);
        let far = across.hypot(down);
        let (across, down) = if far > 1e-6 { (across / far, down / far) } else { (1.0, 0.0) };
        let at = |far: f64| (middle.0 + across * far, middle.1 + down * far);
        let (mut within, mut beyond) = (0.0, self.rect.width + self.rect.height + 1.0);
        // Each round halves the error: after 24 of them it is far below what can be seen.
        for _ in 0..24 {
            let half = (within + beyond) / 2.0;
            if self.has(at(half)) {
                within = half;
            } else {
                beyond = half;
            }
        }
        at(within)
    }
}

/// A line through places.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route {
    /// At least two.
    pub(super) places: Vec<Place>,
    /// Whether it is drawn as a curve.
    pub(super) smooth: bool,
}

/// A place, from the two between which it lies, with the two handles of the curve between them.
type Stretch = (Place, Place, Place, Place);

impl Route {
    /// How many pieces a stretch of a curve is cut into where its length matters.
    const PIECES: u8 = 8;

    /// The stretches between its places, as cubic curves that go smoothly over into each other.
    fn stretches(&self) -> impl Iterator<Item = Stretch> {
        let at = |i: usize| self.places.get(i).copied();
        (0..self.places.len().saturating_sub(1)).filter_map(move |i| {
            let (from, to) = (at(i)?, at(i + 1)?);
            let before = i.checked_sub(1).and_then(at).unwrap_or(from);
            let after = at(i + 2).unwrap_or(to);
            // A third of its own stretch: with longer handles a curve between near places makes loops.
            let third = (to.0 - from.0).hypot(to.1 - from.1) / 3.0;
            let handle = |of: Place, ahead: Place, behind: Place, by: f64| {
                let (across, down) = (ahead.0 - behind.0, ahead.1 - behind.1);
                let far = across.hypot(down).max(1e-6);
                (of.0 + across / far * by, of.1 + down / far * by)
            };
            Some((from, handle(from, to, before, third), handle(to, after, from, -third), to))
        })
    }

    /// The data of a path.
    pub(super) fn data(&self) -> String {
        let mut data = String::new();
        let Some((x, y)) = self.places.first() else { return data };
        // Writing into a string cannot fail.
        let _ = write!(data, "M{x:.1} {y:.1}");
        if self.smooth && self.places.len() > 2 {
            for (_, (a, b), (c, d), (x, y)) in self.stretches() {
                let _ = write!(data, "C{a:.1} {b:.1} {c:.1} {d:.1} {x:.1} {y:.1}");
            }
        } else {
            for (x, y) in self.places.iter().skip(1) {
                let _ = write!(data, "L{x:.1} {y:.1}");
            }
        }
        data
    }

    /// The same as straight pieces.
    pub(super) fn flat(&self) -> Vec<Place> {
        if !self.smooth || self.places.len() < 3 {
            return self.places.clone();
        }
        let mut flat: Vec<Place> = self.places.first().copied().into_iter().collect();
        for (a, b, c, d) in self.stretches() {
            flat.extend((1..=Self::PIECES).map(|piece| {
                let t = f64::from(piece) / f64::from(Self::PIECES);
                let s = 1.0 - t;
                let mix = |a: f64, b: f64, c: f64, d: f64| {
                    s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
                };
                (mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1))
            }));
        }
        flat
    }
}

/// How long straight pieces are in all.
fn length(flat: &[Place]) -> f64 {
    flat.iter().zip(flat.iter().skip(1)).map(|(a, b)| (b.0 - a.0).hypot(b.1 - a.1)).sum()
}

/// The places at some shares of the length of straight pieces.
pub(super) fn along(flat: &[Place], shares: &[f64]) -> Vec<Place> {
    let whole = length(flat);
    let at = |share: f64| {
        let mut left = whole * share;
        for (a, b) in flat.iter().zip(flat.iter().skip(1)) {
            let piece = (b.0 - a.0).hypot(b.1 - a.1);
            if piece >= left && piece > 0.0 {
                let part = left / piece;
                return Some((a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part));
            }
            left -= piece;
        }
        flat.last().copied()
    };
    shares.iter().filter_map(|&share| at(share)).collect()
}

/// The head of an arrow at the end of straight pieces, as the points of a polygon.
pub(super) fn head<'a>(flat: impl DoubleEndedIterator<Item = &'a Place>) -> Option<String> {
    const LENGTH: f64 = 10.0;
    const HALF: f64 = 4.5;
    let mut back = flat.rev();
    let &(x, y) = back.next()?;
    // A piece that is shorter than the head says little of where the line comes from.
    let mut from = (x - 1.0, y);
    for &place in back {
        from = place;
        if (x - place.0).hypot(y - place.1) >= LENGTH {
            break;
        }
    }
    let far = (x - from.0).hypot(y - from.1).max(1e-6);
    let (across, down) = ((x - from.0) / far, (y - from.1) / far);
    let base = (x - across * LENGTH, y - down * LENGTH);
    Some(format!(
        "{x:.1},{y:.1} {:.1},{:.1} {:.1},{:.1}",
        base.0 - down * HALF,
        base.1 + across * HALF,
        base.0 + down * HALF,
        base.1 - across * HALF
    ))
}
