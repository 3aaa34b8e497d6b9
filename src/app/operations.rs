//! Whether the service can do its work, and numbers for whoever watches over it.

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::figures::Figures;

impl Cairn {
    /// Finds out whether the database can be read and written. The one use case without a caller: those who
    /// start and stop services ask it, and it tells nothing of what is recorded.
    pub fn check(&self) -> Result<(), Error> {
        Ok(self.store.check()?)
    }

    /// Numbers about the service as a whole, for whoever may see all teams.
    pub fn figures(&self, caller: &Caller) -> Result<Figures, Error> {
        caller.actor.authorize_for_all(Action::View)?;
        Ok(self.store.figures()?)
    }

    /// Brings everything into the one file before the process ends. What was acknowledged is safe without.
    pub fn close(&self) -> Result<(), Error> {
        Ok(self.store.checkpoint()?)
    }
}
