//! A request to the service: who asks, and what of whom they want to see.

use std::any::Any;
use std::cell::OnceCell;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Data, Query, block};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Deserialize;

use super::Site;
use super::admission::Admitted;
use super::failure::Failure;
use super::reached::text;
use super::views::{Frame, address, with_parameter};
use crate::app::{self, Cairn};
use crate::domain::access::Caller;
use crate::domain::fault::FieldFault;
use crate::domain::organization::{GroupId, ScopeId, TeamId};
use crate::domain::view::Selection;

/// One request of somebody.
pub(super) struct Visit {
    pub(super) site: Data<Site>,
    path: String,
    host: String,
    pub(super) caller: Caller,
    /// Its place among the requests under way, from the first use case on.
    admitted: OnceCell<Admitted>,
}

/// Runs something on a thread that may wait. It goes there in a box, so that threads are compiled once and not for each
/// use case.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let work: Box<dyn FnOnce() -> Box<dyn Any + Send> + Send> = Box::new(|| Box::new(work()));
    let result = block(work).await.map_err(|error| Failure::Broken(error.to_string()))?;
    let result = result.downcast::<T>().map_err(|_| Failure::Broken("a thread gave something else".to_owned()))?;
    Ok(*result)
}

impl FromRequest for Visit {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Caller>().cloned();
        ready(match (request.app_data::<Data<Site>>(), caller) {
            (Some(site), Some(caller)) => {
                let host = text(request.headers(), &header::HOST).unwrap_or_default().to_owned();
                let (site, path, admitted) = (Data::clone(site), request.path().to_owned(), OnceCell::new());
                Ok(Self { site, path, host, caller, admitted })
            }
            _ => Err(Failure::Broken("nobody was looked for before this page".into())),
        })
    }
}

impl Visit {
    /// Runs a use case on a thread that may wait for the database, unless too many are run already; whoever was
    /// let in once stays until they are answered.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Cairn, &Caller) -> Result<T, app::Error> + Send + 'static,
    ) -> Result<T, Failure> {
        if self.admitted.get().is_none() {
            let _ = self.admitted.set(self.site.admission.admit()?);
        }
        self.ask_always(ask).await
    }

    /// Runs a use case for those who watch over the service, however many are run already.
    pub(super) async fn ask_always<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Cairn, &Caller) -> Result<T, app::Error> + Send + 'static,
    ) -> Result<T, Failure> {
        // What was sent may have taken its time.
        let (site, caller) = (Data::clone(&self.site), Caller { at: (self.site.clock)(), ..self.caller.clone() });
        aside(move || ask(&site.cairn, &caller)).await?.map_err(Failure::from)
    }

    /// The service, for what needs no database.
    pub(super) fn cairn(&self) -> &Cairn {
        &self.site.cairn
    }

    /// The address of the service for links that are given to others: the public one, or the one that it
    /// was reached under, which `guard` has looked at.
    pub(super) fn base(&self) -> String {
        match &self.site.reached.public_url {
            Some(url) => url.to_string(),
            None => format!("http://{}", self.host),
        }
    }

    /// What every page shows around its content.
    pub(super) fn frame(&self, selection: Selection) -> Frame<'_> {
        Frame { path: &self.path, demo: self.site.access.demo(), actor: &self.caller.actor, selection }
    }
}

/// The part of an address that says of whom and when: `?team=3`, `?group=1`, `&period=2026-Q4`.
#[derive(Debug, Deserialize)]
struct Asked {
    team: Option<String>,
    group: Option<String>,
    period: Option<String>,
    /// What the picker sends: `team-3`, `group-1`, or nothing for the organization.
    scope: Option<String>,
}

impl FromRequest for Selection {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = Query::<Asked>::from_query(request.query_string());
        let selection = match asked {
            Ok(asked) => selection(&asked, request),
            Err(_) => Err(Failure::unreadable("the address names a team, a group or a quarter twice")),
        };
        ready(selection.map_err(Into::into))
    }
}

/// Reads the selection. An address as the picker makes it leads on to the usual form of it.
fn selection(asked: &Asked, request: &HttpRequest) -> Result<Selection, Failure> {
    fn given(value: &Option<String>) -> Option<&str> {
        value.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
    let number = |field: &str, text: &str| -> Result<i64, Failure> {
        text.parse().map_err(|_| invalid(field, format!("“{}” is not the number of a {field}", shorten(text))))
    };
    let picked = given(&asked.scope).and_then(|picked| picked.split_once('-'));
    let scope = match (given(&asked.team), given(&asked.group), picked) {
        (Some(_), Some(_), _) => return Err(invalid("team", "choose a team or a group, not both")),
        (Some(team), None, _) | (None, None, Some(("team", team))) => ScopeId::Team(TeamId(number("team", team)?)),
        (None, Some(group), _) | (None, None, Some(("group", group))) => {
            ScopeId::Group(GroupId(number("group", group)?))
        }
        (None, None, _) => ScopeId::Organization,
    };
    let period = given(&asked.period).map(|text| text.parse()).transpose().map_err(|error| invalid("period", error))?;
    let selection = Selection { scope, period };
    if asked.scope.is_some() {
        return Err(Failure::Elsewhere(usual_address(request, selection)));
    }
    Ok(selection)
}

/// A scope as the picker writes it: `team-3`, `group-1`, nothing for the organization. `None`: none of these.
pub(super) fn scope(word: &str) -> Option<ScopeId> {
    match word.split_once('-') {
        None if word.is_empty() => Some(ScopeId::Organization),
        Some(("team", number)) => Some(ScopeId::Team(TeamId(number.parse().ok()?))),
        Some(("group", number)) => Some(ScopeId::Group(GroupId(number.parse().ok()?))),
        _ => None,
    }
}

/// The address with the selection in its usual form. Whatever else it asks for is kept, as far as
/// it is not empty.
fn usual_address(request: &HttpRequest, selection: Selection) -> String {
    let all = Query::<Vec<(String, String)>>::from_query(request.query_string()).map(Query::into_inner);
    let others = all
        .unwrap_or_default()
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && !["scope", "team", "group", "period"].contains(&name.as_str()));
    others.fold(address(request.path(), selection), |address, (name, value)| with_parameter(&address, &name, &value))
}

fn invalid(field: &str, message: impl ToString) -> Failure {
    Failure::App(app::Error::Invalid(vec![FieldFault::new(field, message)]))
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}
