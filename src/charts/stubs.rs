//! Stubs until the real ones are merged.
use super::*;
use crate::domain::attribution::Attribution;
use crate::domain::balance::Balance;
use crate::domain::catalog::*;
use crate::domain::period::Period;
use crate::domain::roadmap::Roadmap;
use crate::domain::scoring::*;
use crate::domain::spread::*;
use crate::domain::standing::*;
use std::collections::BTreeMap;
fn none() -> Chart {
    Chart { svg: "<svg></svg>".into(), size: (1, 1) }
}
pub fn radar(
    _: &Scorecard,
    _: Option<(&Scorecard, Period)>,
    _: Option<(&str, &BTreeMap<String, Level>)>,
    _: &str,
    _: &str,
) -> Chart {
    none()
}
pub fn waterfall(_: &Attribution, _: &str, _: &str, _: &str) -> Option<Chart> {
    Some(none())
}
pub fn heatmap(
    _: &Catalog,
    _: &Scorecard,
    _: &[Measure],
    _: &dyn Fn(usize, usize, Level) -> String,
    _: &str,
    _: &str,
) -> Chart {
    none()
}
pub fn trend_of(_: &[&Trend], _: &str, _: &Roadmap, _: &str) -> Vec<Chart> {
    vec![]
}
pub fn spread(_: &[SpreadPoint], _: &str, _: &str, _: &str) -> Option<Chart> {
    None
}
pub fn levels(_: &Trend, _: &str, _: &str) -> Option<Chart> {
    None
}
pub fn balance(_: &Balance, _: Option<(&Balance, Period)>, _: &str, _: &str) -> Chart {
    none()
}
pub fn trend(t: &Trend, _: &Roadmap, id: &str) -> Vec<Chart> {
    super::trend::trend(t, id)
}
impl Chart {
    pub fn png(&self, _: f32) -> Result<Vec<u8>, String> {
        Ok(vec![])
    }
}
