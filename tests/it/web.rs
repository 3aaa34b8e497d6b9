//! The pages, as a browser without JavaScript sees them.

mod accounts;
mod api;
mod assessments;
mod audit;
mod catalog;
mod compare;
mod demo;
mod errors;
mod evidence;
mod first_visit;
mod maturity;
mod operations;
pub(crate) mod permissions;
mod plan_charts;
mod plan_files;
mod plans;
mod portfolio;
mod questionnaire;
mod report;
mod selection;
mod settings;
mod stages;
mod teams;
mod threat_models;
mod threat_portfolio;
mod tokens;
mod unusual;
