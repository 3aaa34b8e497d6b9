//! The heatmap: which parts of the model are done, and which team is how far in each.

use super::{Cairn, Error};
use crate::domain::access::Caller;
use crate::domain::heat::{TeamRow, cells};
use crate::domain::view::{Heatmap, Seen, Selection};

impl Cairn {
    /// How far a scope is in each level of each sub-dimension, and its teams in each sub-dimension. Of the
    /// teams, those of one page, counted from 0.
    pub fn heatmap(&self, caller: &Caller, selection: Selection, page: usize) -> Result<Seen<Heatmap>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let threshold = eye.settings().threshold;
            let of_page = overview.standings.iter().skip(page.saturating_mul(Heatmap::TEAMS)).take(Heatmap::TEAMS);
            let teams = of_page.map(|standing| TeamRow::new(&overview, standing, threshold)).collect();
            let cells = cells(&overview.catalog, &overview.measures);
            Ok(Some(Heatmap { overview, cells, teams, page }))
        })
    }

    /// How far each team of a scope is in each sub-dimension.
    pub fn matrix(&self, caller: &Caller, selection: Selection) -> Result<Seen<Vec<TeamRow>>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let threshold = eye.settings().threshold;
            Ok(Some(overview.standings.iter().map(|standing| TeamRow::new(&overview, standing, threshold)).collect()))
        })
    }
}
