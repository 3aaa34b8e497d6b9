//! The interface for programs, under `/api/v1`: what the pages can do, as JSON, errors too.
//!
//! `routes` is the table of everything that can be asked for, `document` describes it as OpenAPI, out of
//! what stands at the handlers, `reference` makes a page of that, and `strict` holds requests to it. The handlers are named after
//! what they are about. All of them answer in the same ways:
//!
//! - `tagged`: one thing, with an ETag; a change of what others change, too, says with If-Match which state
//!   it is for;
//! - `paging`: a list, cut into pages by a cursor;
//! - `word`: a value that is one of a few words;
//! - `change`: a thing that is there is changed in what a program says, and stays as it is in the rest;
//! - `problem::Problem`: what is wrong.

#![expect(unused_qualifications, reason = "the macros that describe the handlers write whole paths")]

mod answer_rows;
mod answers;
mod assessments;
mod audit;
mod backups;
mod body;
mod catalog_changes;
mod catalogs;
mod change;
mod computed;
mod computed_schemas;
mod document;
mod evidence;
mod exports;
mod files;
mod imports;
mod paging;
mod plan_input;
mod plan_schemas;
mod plans;
mod problem;
mod proposals;
mod reference;
mod roadmap;
mod routes;
mod scope;
mod settings;
mod strict;
mod tagged;
mod teams;
mod threat_model_files;
mod threat_model_imports;
mod threat_model_parts;
mod threat_model_revisions;
mod threat_models;
mod tokens;
mod users;
mod word;

pub(super) use reference::reference;
pub(super) use routes::configure;
