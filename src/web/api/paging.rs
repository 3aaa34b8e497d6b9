//! Lists, cut into pages. A list is a JSON array; where there is more, the header `Link` leads to the next page.
//!
//! The cursor is the key of the last item that was given, so that nothing is given twice or left out when
//! something is added meanwhile.

use std::cmp::Reverse;
use std::fmt::{self, Display};
use std::num::ParseIntError;
use std::str::FromStr;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::web::failure::Failure;
use crate::web::views::encoded;

/// How many items a page has unless asked otherwise: all activities of the catalog.
const USUAL: usize = 200;
/// How many it can have.
const MOST: usize = 1_000;

/// Which page of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// How many items at most; 200 unless said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Where the page begins, as the header `Link` of the page before says; the first one unless said.
    cursor: Option<String>,
}

/// The key of an item of a list that begins with the greatest number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Falling(Reverse<i64>);

impl Falling {
    pub(super) fn new(number: impl Into<i64>) -> Self {
        Self(Reverse(number.into()))
    }

    /// The number.
    pub(super) fn number(self) -> i64 {
        self.0.0
    }
}

impl Display for Falling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl FromStr for Falling {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(|number| Self(Reverse(number)))
    }
}

/// A page of a list.
pub(super) struct Paged<T> {
    items: Vec<T>,
    /// The cursor of the page after it.
    next: Option<String>,
}

impl Paging {
    /// How many items the page has at most.
    pub(super) fn limit(&self) -> Result<usize, Failure> {
        match self.limit {
            None => Ok(USUAL),
            Some(limit @ 1..=MOST) => Ok(limit),
            Some(_) => Err(Failure::unreadable(format!("limit: a page has 1 to {MOST} items"))),
        }
    }

    /// The key of the last item before the page, if it is not the first.
    pub(super) fn after<K: FromStr>(&self) -> Result<Option<K>, Failure> {
        let unknown =
            |_| Failure::unreadable("cursor: this is not one that a page before named; leave it out to begin");
        self.cursor.as_deref().map(|cursor| cursor.parse().map_err(unknown)).transpose()
    }

    /// The page of a whole list, whose items have rising keys.
    pub(super) fn page<T, K>(&self, items: Vec<T>, key: impl Fn(&T) -> K) -> Result<Paged<T>, Failure>
    where
        K: Display + FromStr + Ord,
    {
        let (limit, after) = (self.limit()?, self.after::<K>()?);
        let rest = items.into_iter().filter(|item| after.as_ref().is_none_or(|after| key(item) > *after));
        Ok(Paged::cut(rest.take(limit + 1).collect(), limit, key))
    }
}

impl<T> Paged<T> {
    /// The page of items of which one more was looked for than it has room for.
    pub(super) fn cut<K: Display>(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| key(last).to_string());
        Self { items, next }
    }

    /// The same page with its items written otherwise.
    pub(super) fn map<U>(self, write: impl FnMut(T) -> U) -> Paged<U> {
        Paged { items: self.items.into_iter().map(write).collect(), next: self.next }
    }
}

impl<T: Serialize> Responder for Paged<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if let Some(next) = &self.next {
            let others =
                request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
            let cursor = format!("cursor={}", encoded(next));
            let query = others.chain([cursor.as_str()]).collect::<Vec<_>>().join("&");
            response.insert_header((header::LINK, format!("<{}?{query}>; rel=\"next\"", request.path())));
        }
        response.json(self.items)
    }
}
