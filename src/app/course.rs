//! The course of maturity: how scopes developed over the quarters, side by side and team by team.

use super::{Cairn, Error};
use crate::domain::access::Caller;
use crate::domain::fault::FieldFault;
use crate::domain::organization::ScopeId;
use crate::domain::spread::SpreadPoint;
use crate::domain::standing::Trend;
use crate::domain::view::{Course, Seen, Selection};

impl Cairn {
    /// How a scope developed up to the quarter looked at.
    pub fn trend(&self, caller: &Caller, selection: Selection) -> Result<Seen<Trend>, Error> {
        self.see(caller, selection, |eye, period| {
            let trend = eye.trend(period)?;
            Ok((!trend.points.is_empty()).then_some(trend))
        })
    }

    /// How a scope developed, others beside it, and how its teams were spread.
    pub fn course(&self, caller: &Caller, selection: Selection, beside: &[ScopeId]) -> Result<Seen<Course>, Error> {
        if beside.len() > Course::BESIDE {
            let message = format!("at most {} others can stand beside", Course::BESIDE);
            return Err(Error::Invalid(vec![FieldFault::new("with", message)]));
        }
        self.see(caller, selection, |eye, period| {
            let trend = eye.trend(period)?;
            if trend.points.is_empty() {
                return Ok(None);
            }
            let spread = eye.spreads(period)?;
            let mut others = Vec::new();
            for &scope in beside {
                let mut other = eye.at(scope)?;
                others.push((other.trend(period)?, other.roadmap()));
            }
            Ok(Some(Course { trend, others, spread }))
        })
    }

    /// How the teams of a scope were spread in each quarter up to the one looked at.
    pub fn spread(&self, caller: &Caller, selection: Selection) -> Result<Seen<Vec<SpreadPoint>>, Error> {
        self.see(caller, selection, |eye, period| {
            let spread = eye.spreads(period)?;
            Ok((!spread.is_empty()).then_some(spread))
        })
    }
}
