//! The interface for programs, under `/api/v1`: everything that the pages can do, as JSON, errors too.
//!
//! `routes` is the table of everything that can be asked for, `document` describes it as OpenAPI, out of
//! what stands at the handlers, `reference` makes a page of that, and `strict` holds requests to it. The handlers are named after
//! what they are about. All of them answer in the same ways:
//!
//! - `tagged`: one thing, with an ETag; a change of what others change, too, says with If-Match which state
//!   it is for;
//! - `paging`: a list, cut into pages by a cursor;
//! - `problem::Problem`: what is wrong.

#![expect(unused_qualifications, reason = "the macros that describe the handlers write whole paths")]

mod answers;
mod assessments;
mod body;
mod computed;
mod computed_schemas;
mod document;
mod evidence;
mod exports;
mod imports;
mod paging;
mod problem;
mod proposals;
mod reference;
mod routes;
mod scope;
mod strict;
mod tagged;
mod teams;
mod threat_models;

pub(super) use reference::reference;
pub(super) use routes::configure;
